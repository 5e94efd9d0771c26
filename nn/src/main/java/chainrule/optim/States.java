package chainrule.optim;

import chainrule.tensor.Buffer;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What an optimizer remembers of each parameter: tensors of its shape, and a count of steps. */
final class States {
  /** One parameter's part. */
  static final class State {
    private final Parameter parameter;
    private final List<Buffer> slots;
    private long steps;

    private State(Parameter parameter, List<String> slots) {
      this.parameter = parameter;
      this.slots =
          slots.stream()
              .map(s -> new Buffer(s, Tensor.zeros(parameter.dtype(), parameter.shape())))
              .toList();
    }

    Parameter parameter() {
      return parameter;
    }

    List<Buffer> slots() {
      return slots;
    }

    /** How many steps have been counted. */
    long steps() {
      return steps;
    }

    /** Counts a step; 1 at the first. */
    long next() {
      return ++steps;
    }
  }

  private final List<State> all = new ArrayList<>();

  /** Begins to remember the parameters of a group. */
  List<State> add(ParamGroup group, List<String> slots) {
    List<State> added = group.parameters().stream().map(p -> new State(p, slots)).toList();
    all.addAll(added);
    return added;
  }

  void save(Map<String, Tensor> dict) {
    for (int i = 0; i < all.size(); i++) {
      State state = all.get(i);
      dict.put(i + ".step", Tensor.scalar((double) state.steps));
      for (Buffer slot : state.slots) {
        dict.put(i + "." + slot.name(), slot.value());
      }
    }
  }

  /** From a map that has been checked. */
  void load(Map<String, Tensor> dict) {
    for (int i = 0; i < all.size(); i++) {
      State state = all.get(i);
      state.steps = (long) entry(dict, i + ".step").item();
      for (Buffer slot : state.slots) {
        slot.set(entry(dict, i + "." + slot.name()));
      }
    }
  }

  static Tensor entry(Map<String, Tensor> dict, String key) {
    return Objects.requireNonNull(dict.get(key), key);
  }
}
