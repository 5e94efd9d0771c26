package chainrule.benchmarks.growth;

import chainrule.benchmarks.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The time of a step at one size.
 *
 * @param axis what grows
 * @param size how large it is
 * @param threads with how many threads
 * @param micros the time in µs, a median over turns
 * @param spread from the least to the largest turn, as a share
 * @param flops its arithmetic
 * @param ratio the time of a FLOP over that at the largest size of the axis: 1 where the time grows
 *     as the arithmetic does
 */
public record Grown(
    Axis axis, int size, int threads, double micros, double spread, long flops, double ratio) {
  /** The time of a FLOP in ns. */
  double nanosOfFlop() {
    return micros * 1e3 / flops;
  }

  /** The fields of a line of JSON. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("axis", axis.call());
    json.put("size", size);
    json.put("threads", threads);
    json.put("us", Text.rounded(micros));
    json.put("spread", Text.rounded(spread));
    json.put("flops", flops);
    json.put("nsPerFlop", Text.rounded(nanosOfFlop()));
    json.put("ratio", Text.rounded(ratio));
    return json;
  }

  /** The heads of the columns. */
  public static List<String> heads() {
    return List.of("axis", "size", "threads", "step", "spread", "MFLOP", "ns/FLOP", "ratio");
  }

  /** The cells of a row. */
  public List<String> cells() {
    return List.of(
        axis.call(),
        Integer.toString(size),
        Integer.toString(threads),
        Text.time(micros),
        Text.percent(spread),
        Text.three(flops / 1e6),
        String.format(Locale.ROOT, "%.4f", nanosOfFlop()),
        String.format(Locale.ROOT, "%.2f", ratio));
  }
}
