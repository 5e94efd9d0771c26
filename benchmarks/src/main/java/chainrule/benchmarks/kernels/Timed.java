package chainrule.benchmarks.kernels;

import chainrule.benchmarks.Statistics;
import chainrule.benchmarks.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * What the processes that ran a case with some number of threads found.
 *
 * <p>A process gives the median of its iterations, and as its limit the median of the samples taken
 * around them; its share is their quotient. The case has the medians over processes.
 *
 * @param timed the case
 * @param threads how many threads computed
 * @param forks a process each
 */
public record Timed(Case timed, int threads, List<Fork> forks) {
  /**
   * One process.
   *
   * @param nanos the mean time of a call in each iteration
   * @param limits the limit's rates around each iteration, by the loop that reached them
   * @param bytes what a call allocates; −1 if unknown
   */
  public record Fork(double[] nanos, Map<String, double[]> limits, long bytes) {
    private double limit() {
      return limits.values().stream().mapToDouble(Statistics::median).max().orElse(Double.NaN);
    }

    private String loop() {
      return limits.entrySet().stream()
          .max(Map.Entry.comparingByValue((a, b) -> Double.compare(median(a), median(b))))
          .map(Map.Entry::getKey)
          .orElse("");
    }

    private static double median(double[] x) {
      return Statistics.median(x);
    }
  }

  private DoubleStream medians() {
    return forks.stream().mapToDouble(f -> Statistics.median(f.nanos()));
  }

  /** The time of a call in µs: the median over processes of each one's median. */
  public double micros() {
    return Statistics.median(medians().toArray()) / 1e3;
  }

  /** The least time of a call in µs, over all iterations. */
  public double bestMicros() {
    return forks.stream().flatMapToDouble(f -> DoubleStream.of(f.nanos())).min().orElse(Double.NaN)
        / 1e3;
  }

  /** From the fastest process to the slowest, as a share of the median. */
  public double spread() {
    return Statistics.spread(medians().toArray());
  }

  /** The speed in the roof's unit. */
  public double speed() {
    return timed.work() / (micros() * 1e3);
  }

  /** The limit in the roof's unit. */
  public double limit() {
    return Statistics.median(forks.stream().mapToDouble(Fork::limit).toArray());
  }

  /** The loop that reached the limit in most processes. */
  public String loop() {
    List<String> loops = forks.stream().map(Fork::loop).sorted().toList();
    return loops.isEmpty() ? "" : loops.get(loops.size() / 2);
  }

  /** The speed as a share of the limit, each process by its own limit. */
  public double share() {
    return Statistics.median(
        forks.stream()
            .mapToDouble(f -> timed.work() / Statistics.median(f.nanos()) / f.limit())
            .toArray());
  }

  /** What a call allocates; −1 if unknown. */
  public long bytes() {
    return forks.stream().mapToLong(Fork::bytes).min().orElse(-1);
  }

  /** The fields of a line of JSON. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kernel", timed.kernel().name());
    json.put("family", timed.kernel().family());
    json.put("shape", timed.shape());
    json.put("threads", threads);
    if (timed.kernel().roof() == Roof.COPY) {
      json.put("gbps", Text.rounded(speed()));
      json.put("copyGbps", Text.rounded(limit()));
      json.put("copyBy", loop());
    } else {
      json.put("gflops", Text.rounded(speed()));
      json.put("peakGflops", Text.rounded(limit()));
    }
    json.put("share", Text.rounded(share()));
    json.put("medianUs", Text.rounded(micros()));
    json.put("bestUs", Text.rounded(bestMicros()));
    json.put("spread", Text.rounded(spread()));
    json.put("forks", forks.size());
    json.put("bytesPerCall", bytes());
    return json;
  }

  /** The heads of the columns. */
  public static List<String> heads() {
    return List.of(
        "kernel",
        "shape",
        "threads",
        "median",
        "best",
        "spread",
        "speed",
        "limit",
        "share",
        "allocated");
  }

  /** The cells of a row. */
  public List<String> cells() {
    String unit = timed.kernel().roof().unit();
    List<String> cells = new ArrayList<>();
    cells.add(timed.kernel().name());
    cells.add(timed.shape());
    cells.add(Integer.toString(threads));
    cells.add(Text.time(micros()));
    cells.add(Text.time(bestMicros()));
    cells.add(Text.percent(spread()));
    cells.add(String.format(Locale.ROOT, "%.1f %s", speed(), unit));
    cells.add(String.format(Locale.ROOT, "%.1f", limit()));
    cells.add(Text.percent(share()));
    cells.add(Text.bytes(bytes()));
    return cells;
  }
}
