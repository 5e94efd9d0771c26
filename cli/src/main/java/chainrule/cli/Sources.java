package chainrule.cli;

import chainrule.data.CsvTable;
import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.data.Mnist;
import chainrule.data.TableOptions;
import chainrule.data.Tabular;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds data by name or path. */
final class Sources {
  /** What comes with the program, or, for the last two, is read from a folder. */
  static final List<String> NAMES =
      List.of(
          "digits",
          "iris",
          "moons",
          "circles",
          "spirals",
          "xor",
          "gaussians",
          "yinyang",
          "mnist",
          "fashion-mnist");

  private static final List<String> NOISY =
      List.of("moons", "circles", "spirals", "xor", "gaussians");

  /** What a CSV file is called in a model file, which holds no path. */
  static final String CSV = "csv";

  private static final int CLASSES = 3;

  private Sources() {}

  /** Which data: a positional name and {@code --data} must not contradict each other. */
  static String chosen(@Nullable String positional, DataOptions options) {
    if (positional != null && options.data != null && !positional.equals(options.data)) {
      throw new UsageException(
          "two data sets, %s and %s; give one".formatted(positional, options.data));
    }
    String data = positional != null ? positional : options.data;
    if (data == null) {
      throw new UsageException("which data? give a CSV file or one of " + String.join(", ", NAMES));
    }
    return data;
  }

  /** The built-in name that is meant, or {@link #CSV}. */
  static String kind(String data) {
    String name = data.toLowerCase(Locale.ROOT);
    return NAMES.contains(name) ? name : CSV;
  }

  /** The rows to train on and those held out: the given share, chosen by the seed. */
  static Loaded load(
      String data, DataOptions options, DataOptions.Columns columns, double share, long seed) {
    String kind = kind(data);
    if (!kind.equals(CSV) && !kind.equals("iris")) {
      refuseColumns(kind, columns);
    }
    refuseOptions(kind, options);
    return switch (kind) {
      case CSV -> table(CSV, CsvTable.read(existing(data)), columns, share, seed);
      case "iris" -> table(kind, Datasets.irisTable(), columns, share, seed);
      case "mnist", "fashion-mnist" -> {
        Dataset.Split split = mnist(kind, options);
        yield new Loaded(kind, split.train(), split.test(), null, List.of());
      }
      default -> {
        Dataset.Split split = builtIn(kind, options, seed).split(share, seed);
        yield new Loaded(kind, split.train(), split.test(), null, List.of());
      }
    };
  }

  private static void refuseColumns(String kind, DataOptions.Columns columns) {
    if (columns.target != null
        || !columns.numeric.isEmpty()
        || !columns.categorical.isEmpty()
        || !columns.drop.isEmpty()) {
      throw new UsageException(
          "--target, --numeric, --categorical and --drop are for tables, and %s is none"
              .formatted(kind));
    }
  }

  /** What would be read past without a word is refused. */
  private static void refuseOptions(String kind, DataOptions options) {
    if (options.noise != null && !NOISY.contains(kind)) {
      throw new UsageException("--noise is for " + String.join(", ", NOISY));
    }
    if (options.samples != null && !isGenerated(kind)) {
      throw new UsageException("--samples is for %s, yinyang".formatted(String.join(", ", NOISY)));
    }
    if (options.dataDir != null && !kind.endsWith("mnist")) {
      throw new UsageException("--data-dir is for mnist and fashion-mnist");
    }
  }

  /** Whether points are drawn, as many and as noisy as is asked for. */
  static boolean isGenerated(String kind) {
    return NOISY.contains(kind) || kind.equals("yinyang");
  }

  private static Path existing(String data) {
    if (!data.endsWith(".csv") && !Files.exists(Path.of(data))) {
      throw new UsageException(
          "%s is neither a file nor one of %s".formatted(data, String.join(", ", NAMES)));
    }
    return Path.of(data);
  }

  private static Loaded table(
      String kind, CsvTable table, DataOptions.Columns columns, double share, long seed) {
    String target = columns.target;
    if (target == null) {
      if (kind.equals(CSV)) {
        throw new UsageException(
            "which column is to be predicted? --target with one of "
                + String.join(", ", table.header()));
      }
      target = "species";
    }
    TableOptions how =
        TableOptions.target(target)
            .numeric(columns.numeric)
            .categorical(columns.categorical)
            .drop(columns.drop)
            .dropMissingTargets(!columns.refuseMissingTargets);
    Tabular made = Tabular.prepare(table, how, share, seed);
    return new Loaded(kind, made.train(), made.test(), made.preprocessing(), made.notices());
  }

  static Dataset.Split mnist(String kind, DataOptions options) {
    if (options.dataDir == null) {
      throw new UsageException(
          "%s is read from a folder with its four IDX files; add --data-dir DIR".formatted(kind));
    }
    return kind.equals("mnist") ? Mnist.load(options.dataDir) : Mnist.loadFashion(options.dataDir);
  }

  private static Dataset builtIn(String kind, DataOptions options, long seed) {
    int n = options.points();
    return switch (kind) {
      case "digits" -> Datasets.digits();
      case "moons" -> Datasets.moons(n, noise(options, 0.1), seed);
      case "circles" -> Datasets.circles(n, noise(options, 0.08), seed);
      case "spirals" -> Datasets.spirals(n, CLASSES, noise(options, 0.2), seed);
      case "xor" -> Datasets.xor(n, noise(options, 0.05), seed);
      case "gaussians" -> Datasets.gaussians(n, CLASSES, noise(options, 0.3), seed);
      case "yinyang" -> Datasets.yinYang(n, seed);
      default -> throw new DataException(kind + ": no such data");
    };
  }

  private static double noise(DataOptions options, double usual) {
    return Objects.requireNonNullElse(options.noise, usual);
  }
}
