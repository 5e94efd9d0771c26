package chainrule.benchmarks.startup;

import chainrule.benchmarks.Statistics;
import chainrule.benchmarks.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What processes of the program took.
 *
 * @param archive whether classes came from an archive that was made before
 * @param seconds from start to end, of each
 * @param mebibytes the most memory that each held
 * @param loss the last loss, the same in all
 */
public record Started(boolean archive, double[] seconds, double[] mebibytes, double loss) {
  /** The fields of a line of JSON. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("workload", "startup");
    json.put("archive", archive);
    json.put("seconds", Text.rounded(Statistics.median(seconds)));
    json.put("spread", Text.rounded(Statistics.spread(seconds)));
    json.put("residentMiB", Text.rounded(Statistics.median(mebibytes)));
    json.put("loss", loss);
    json.put("runs", seconds.length);
    return json;
  }

  /** The heads of the columns. */
  public static List<String> heads() {
    return List.of("classes", "seconds", "spread", "resident MiB", "loss", "runs");
  }

  /** The cells of a row. */
  public List<String> cells() {
    return List.of(
        archive ? "archived" : "loaded",
        String.format(Locale.ROOT, "%.3f", Statistics.median(seconds)),
        Text.percent(Statistics.spread(seconds)),
        Text.three(Statistics.median(mebibytes)),
        String.format(Locale.ROOT, "%.6f", loss),
        Integer.toString(seconds.length));
  }
}
