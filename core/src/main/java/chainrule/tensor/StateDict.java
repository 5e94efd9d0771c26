package chainrule.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the states of models and optimizers, tensors by name, have in common. */
public final class StateDict {
  private StateDict() {}

  /**
   * Checks that one state can replace another.
   *
   * @param what begins the message: what is being loaded
   * @param owner names whose state it is: the model, the optimizer
   * @param own the state that is to be replaced
   * @param given the state to replace it with
   * @throws IllegalArgumentException if an entry is missing, unexpected, or of another shape or
   *     dtype; the message names them all
   */
  public static void check(
      String what, String owner, Map<String, Tensor> own, Map<String, Tensor> given) {
    List<String> faults = new ArrayList<>();
    own.forEach(
        (key, mine) -> {
          Tensor theirs = given.get(key);
          if (theirs == null) {
            faults.add("'%s' is missing".formatted(key));
          } else if (!theirs.shape().equals(mine.shape()) || theirs.dtype() != mine.dtype()) {
            faults.add(
                "'%s' is %s %s where the %s has %s %s"
                    .formatted(
                        key, theirs.dtype(), theirs.shape(), owner, mine.dtype(), mine.shape()));
          }
        });
    given.keySet().stream()
        .filter(key -> !own.containsKey(key))
        .forEach(key -> faults.add("'%s' is not in the %s".formatted(key, owner)));
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(what + ": " + String.join("; ", faults));
    }
  }
}
