package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.nn.Loss;
import chainrule.nn.Module;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * A saved model with rows whose answers are known, and the loss that it learned by.
 *
 * @param lossName the loss's name, checked
 */
record Labelled(SavedRun run, Dataset set, String lossName) {

  static Labelled of(Path model, DataOptions data, RowOptions rows) {
    SavedRun run = SavedRun.load(model);
    String source = data.data == null ? run.notes().data() : data.data;
    if (source.equals(Sources.CSV) && data.data == null) {
      throw new UsageException("which rows? --data with a CSV file that has the target's column");
    }
    Dataset set = run.labelled(source, data, rows);
    return new Labelled(run, set, Choices.lossName(run.notes().loss(), set.isClassification()));
  }

  Module model() {
    return run.saved().model();
  }

  Loss loss() {
    return Choices.loss(lossName, set.isClassification());
  }

  /** The first rows, at most so many. */
  Dataset first(int most) {
    return set.size() <= most ? set : set.rows(IntStream.range(0, most).toArray());
  }
}
