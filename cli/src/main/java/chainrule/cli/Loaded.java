package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Preprocessing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Data that is ready to train on.
 *
 * @param kind the data's name if it comes with the program, else {@code csv}
 * @param preprocessing the steps that made the numbers; null where there are none
 * @param notices what the user should know about the reading, a sentence each
 */
record Loaded(
    String kind,
    Dataset train,
    Dataset test,
    @Nullable Preprocessing preprocessing,
    List<String> notices) {

  boolean isClassification() {
    return train.isClassification();
  }
}
