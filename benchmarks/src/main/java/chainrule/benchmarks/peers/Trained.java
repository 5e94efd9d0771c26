package chainrule.benchmarks.peers;

import chainrule.benchmarks.Statistics;
import chainrule.benchmarks.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the steps of a training took.
 *
 * @param row the times of all engines
 */
public record Trained(Compared row) {
  /** What stands behind a time that does not count. */
  private static final String OTHER = " ≠";

  /** The best peer's median over ours, above 1 where we are faster. */
  public double ratio() {
    return row.best().map(peer -> row.micros(peer) / row.micros(Peer.CHAINRULE)).orElse(Double.NaN);
  }

  /** From the least to the largest of our turns in a process, as a share; the median of these. */
  private double spread() {
    return Statistics.median(
        row.forks().stream()
            .map(f -> f.turns().get(Peer.CHAINRULE))
            .filter(Objects::nonNull)
            .mapToDouble(Statistics::spread)
            .toArray());
  }

  /** Whether our first losses are those expected. */
  public boolean agree() {
    return row.measured().containsKey(Peer.CHAINRULE) && row.counts(Peer.CHAINRULE);
  }

  private long bytes() {
    return row.forks().stream()
        .mapToLong(Compared.Fork::bytes)
        .filter(b -> b >= 0)
        .min()
        .orElse(-1);
  }

  /** The fields of a line of JSON. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("workload", row.workload().name());
    json.put("threads", row.threads());
    json.put("oursUs", Text.rounded(row.micros(Peer.CHAINRULE)));
    json.put("oursLeastUs", Text.rounded(row.least(Peer.CHAINRULE)));
    json.put("spread", Text.rounded(spread()));
    Optional<Peer> best = row.best();
    if (best.isPresent()) {
      json.put("bestPeer", best.get().call());
      json.put("bestPeerUs", Text.rounded(row.micros(best.get())));
      json.put("bestPeerLeastUs", Text.rounded(row.least(best.get())));
      json.put("ratio", Text.rounded(ratio()));
    }
    json.put("bytesPerStep", bytes());
    json.put("firstLossesAgree", agree());
    json.put("peersUs", row.others());
    json.put(
        "notCounted",
        row.measured().keySet().stream().filter(p -> !row.counts(p)).map(Peer::call).toList());
    json.put("forks", row.forks().size());
    return json;
  }

  private static List<Peer> players() {
    Workload any = Workload.trainings().getFirst();
    return Arrays.stream(Peer.values()).filter(p -> p.takesPart(any)).toList();
  }

  /** The heads of the columns. */
  public static List<String> heads() {
    List<String> heads = new ArrayList<>(List.of("workload", "threads"));
    players().forEach(peer -> heads.add(peer.call()));
    heads.addAll(List.of("best peer / ours", "spread", "bytes", "first losses"));
    return heads;
  }

  /** The cells of a row. */
  public List<String> cells() {
    List<String> cells =
        new ArrayList<>(List.of(row.workload().name(), Integer.toString(row.threads())));
    for (Peer peer : players()) {
      double time = row.micros(peer);
      String counted = row.counts(peer) ? "" : OTHER;
      cells.add(Double.isFinite(time) ? Text.time(time) + counted : "–");
    }
    double ratio = ratio();
    cells.add(Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "–");
    cells.add(Text.percent(spread()));
    cells.add(Text.bytes(bytes()));
    cells.add(agree() ? "agree" : "differ");
    return cells;
  }
}
