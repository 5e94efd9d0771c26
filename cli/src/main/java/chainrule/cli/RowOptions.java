package chainrule.cli;

import picocli.CommandLine.Option;

/** Which rows of data that was split for a training. */
final class RowOptions {
  @Option(
      names = "--rows",
      paramLabel = "WHICH",
      description =
          "test, train or all: of data that comes with the program, the model's own split (default"
              + " test); of a CSV file always all.")
  String rows = "test";
}
