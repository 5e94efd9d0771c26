package chainrule.benchmarks.peers;

import chainrule.benchmarks.Statistics;
import chainrule.benchmarks.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the engines needed for a workload with some number of threads.
 *
 * @param workload the workload
 * @param threads how many threads every engine had
 * @param forks each round of fresh processes
 */
public record Compared(Workload workload, int threads, List<Fork> forks) {
  /**
   * A round of fresh processes.
   *
   * @param turns the mean time of a call in µs in each turn of each engine
   * @param numbers of a training, the first losses of each engine
   * @param bytes what one of our steps allocates, or −1 where that is not asked
   */
  public record Fork(Map<Peer, double[]> turns, Map<Peer, double[]> numbers, long bytes) {}

  /** The time of a call in µs: the median over processes of the medians over turns. */
  public double micros(Peer peer) {
    return Statistics.median(turns(peer).stream().mapToDouble(Statistics::median).toArray());
  }

  /** The least mean time of a call in µs over a turn. */
  double least(Peer peer) {
    return turns(peer).stream().flatMapToDouble(Arrays::stream).min().orElse(Double.NaN);
  }

  private List<double[]> turns(Peer peer) {
    return forks.stream()
        .filter(f -> f.turns.containsKey(peer))
        .map(f -> f.turns.get(peer))
        .toList();
  }

  /** Whether the times of an engine count: a training has to begin with the expected losses. */
  boolean counts(Peer peer) {
    return workload
        .training()
        .map(
            t ->
                forks.stream()
                    .map(f -> f.numbers.get(peer))
                    .filter(Objects::nonNull)
                    .allMatch(n -> FirstLosses.admitted(peer, t, n)))
        .orElse(true);
  }

  /** The times of the others by name, rounded. */
  Map<String, Object> others() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Peer peer : measured().keySet()) {
      if (peer != Peer.CHAINRULE) {
        all.put(peer.call(), Text.rounded(micros(peer)));
      }
    }
    return all;
  }

  /** The times of those that ran. */
  Map<Peer, Double> measured() {
    Map<Peer, Double> times = new EnumMap<>(Peer.class);
    for (Peer peer : Peer.values()) {
      if (Double.isFinite(micros(peer))) {
        times.put(peer, micros(peer));
      }
    }
    return times;
  }

  /** The fastest of the others whose times count, by its median. */
  public Optional<Peer> best() {
    return measured().entrySet().stream()
        .filter(e -> e.getKey() != Peer.CHAINRULE && counts(e.getKey()))
        .min(Comparator.comparingDouble(Map.Entry::getValue))
        .map(Map.Entry::getKey);
  }

  /**
   * The best peer's time over ours, above 1 where we are faster: the median over rounds of
   * processes that ran at the same time.
   */
  public double ratio() {
    return best()
        .map(
            peer ->
                Statistics.median(
                    forks.stream()
                        .map(Fork::turns)
                        .filter(f -> f.containsKey(peer) && f.containsKey(Peer.CHAINRULE))
                        .mapToDouble(
                            f ->
                                Statistics.median(f.get(peer))
                                    / Statistics.median(f.get(Peer.CHAINRULE)))
                        .toArray()))
        .orElse(Double.NaN);
  }

  /** The fields of a line of JSON. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("workload", workload.name());
    json.put("kernel", workload.kernel());
    json.put("shape", workload.shape());
    json.put("threads", threads);
    json.put("oursUs", Text.rounded(micros(Peer.CHAINRULE)));
    best()
        .ifPresent(
            peer -> {
              json.put("bestPeer", peer.call());
              json.put("bestPeerUs", Text.rounded(micros(peer)));
              json.put("ratio", Text.rounded(ratio()));
            });
    json.put("peersUs", others());
    json.put("forks", forks.size());
    return json;
  }

  private static List<Peer> players() {
    Workload any = Workload.kernels().getFirst();
    return Arrays.stream(Peer.values()).filter(p -> p.takesPart(any)).toList();
  }

  /** The heads of the columns. */
  public static List<String> heads() {
    List<String> heads = new ArrayList<>(List.of("workload", "threads"));
    players().forEach(peer -> heads.add(peer.call()));
    heads.add("best peer / ours");
    return heads;
  }

  /** The cells of a row. */
  public List<String> cells() {
    List<String> cells = new ArrayList<>(List.of(workload.name(), Integer.toString(threads)));
    for (Peer peer : players()) {
      double time = micros(peer);
      cells.add(Double.isFinite(time) ? Text.time(time) : "–");
    }
    double ratio = ratio();
    cells.add(Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "–");
    return cells;
  }
}
