package chainrule.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how rows are read; a mixin of the commands that read some. */
final class DataOptions {
  private static final int POINTS = 1000;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "A CSV file with a header, or one of digits, iris, moons, circles, spirals, xor,"
              + " gaussians, yinyang, mnist, fashion-mnist.")
  @Nullable String data;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The folder with the four IDX files of mnist or fashion-mnist.")
  @Nullable Path dataDir;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "How many points a generator draws (default 1000).")
  @Nullable Integer samples;

  @Option(names = "--noise", paramLabel = "X", description = "How noisy a generator's points are.")
  @Nullable Double noise;

  @Option(
      names = "--ignore-unknown",
      description = "Take a category that the training rows did not have as none of them.")
  boolean ignoreUnknown;

  /** How many points a generator draws. */
  int points() {
    return samples == null ? POINTS : samples;
  }

  /** How the columns of a table to train on are read. */
  static final class Columns {
    @Option(names = "--target", paramLabel = "COLUMN", description = "The column to predict.")
    @Nullable String target;

    @Option(
        names = "--numeric",
        paramLabel = "COLUMN",
        split = ",",
        description = "Columns that are numbers whatever they look like.")
    List<String> numeric = List.of();

    @Option(
        names = "--categorical",
        paramLabel = "COLUMN",
        split = ",",
        description =
            "Columns that are categories whatever they look like; a target becomes classes.")
    List<String> categorical = List.of();

    @Option(
        names = "--drop",
        paramLabel = "COLUMN",
        split = ",",
        description = "Columns that are left out.")
    List<String> drop = List.of();

    @Option(
        names = "--refuse-missing-targets",
        description = "Refuse rows without a target, instead of leaving them out.")
    boolean refuseMissingTargets;
  }
}
