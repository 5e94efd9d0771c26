package chainrule.tensor;

import static java.util.Objects.requireNonNull;

import chainrule.internal.kernel.Blocks;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass over memory: a program on the elements of tensors, which may change parameters and their
 * state. Running it again and again allocates nothing.
 *
 * <p>The program's inputs are tensors, then states; its scalars are tensors of one number, then the
 * numbers of updates; its results are tensors, then for each update the parameter and its states.
 */
final class Pass implements Runnable {
  private final Blocks blocks;
  private final Tensor like;
  private final Tensor[] in;
  private final Tensor[] numbers;
  private final Tensor[] out;
  private final Change[] changes;
  private final int inputs;
  private final @Nullable Object[] arrays;
  private final double[] scalars;

  /**
   * A parameter that changes.
   *
   * @param at which input the parameter is
   * @param firstState which input its states begin at
   * @param result which result is its next value; its next states follow
   * @param next room for its numbers
   * @param firstNumber which scalar they begin at
   */
  record Change(
      Parameter parameter,
      List<Buffer> state,
      Update.Numbers numbers,
      int at,
      int firstState,
      int result,
      double[] next,
      int firstNumber) {}

  /**
   * A pass.
   *
   * @param like a tensor of the size and type of all
   */
  Pass(
      Blocks blocks,
      Tensor like,
      List<Tensor> in,
      List<Tensor> numbers,
      List<Tensor> out,
      List<Change> changes) {
    this.blocks = blocks;
    this.like = like;
    this.in = in.toArray(Tensor[]::new);
    this.numbers = numbers.toArray(Tensor[]::new);
    this.out = out.toArray(Tensor[]::new);
    this.changes = changes.toArray(Change[]::new);
    this.inputs = blocks.program().inputs();
    this.arrays = new @Nullable Object[inputs + blocks.program().results().size()];
    this.scalars = new double[blocks.program().scalars()];
  }

  @Override
  public void run() {
    for (Change c : changes) {
      hold(c);
    }
    try {
      gather();
      blocks.run(like.kernels(), arrays, scalars, like.size());
      for (Change c : changes) {
        changed(c);
      }
    } finally {
      for (Change c : changes) {
        release(c);
      }
      Arrays.fill(arrays, null);
    }
  }

  private static void hold(Change c) {
    c.parameter.lease().hold();
    for (int k = 0; k < c.state.size(); k++) {
      c.state.get(k).lease().hold();
    }
  }

  private static void release(Change c) {
    for (int k = c.state.size() - 1; k >= 0; k--) {
      c.state.get(k).lease().release();
    }
    c.parameter.lease().release();
  }

  private void gather() {
    for (int i = 0; i < in.length; i++) {
      arrays[i] = blocks.reads(i) ? in[i].array() : null;
    }
    for (int k = 0; k < numbers.length; k++) {
      scalars[k] = numbers[k].at(0);
    }
    for (int j = 0; j < out.length; j++) {
      arrays[inputs + j] = out[j].array();
    }
    for (Change c : changes) {
      for (int k = 0; k < c.state.size(); k++) {
        arrays[c.firstState + k] = c.state.get(k).array();
      }
    }
    for (Change c : changes) {
      c.numbers.next(c.next);
      System.arraycopy(c.next, 0, scalars, c.firstNumber, c.next.length);
      arrays[inputs + c.result] = target(c.parameter.lease(), c.at, c.parameter.array());
      for (int k = 0; k < c.state.size(); k++) {
        Buffer s = c.state.get(k);
        arrays[inputs + c.result + 1 + k] = target(s.lease(), c.firstState + k, s.array());
      }
    }
  }

  /** The array itself, if nobody else has it, here or outside; else a new one. */
  @SuppressWarnings("ReferenceEquality") // the very array, not one that is equal
  private Object target(Lease lease, int input, Object array) {
    boolean mine = !lease.lent();
    for (int i = 0; i < inputs && mine; i++) {
      mine = i == input || arrays[i] != array;
    }
    return mine ? array : like.dtype().allocate(like.size());
  }

  private void changed(Change c) {
    c.parameter.updated(requireNonNull(arrays[inputs + c.result]));
    for (int k = 0; k < c.state.size(); k++) {
      c.state.get(k).updated(requireNonNull(arrays[inputs + c.result + 1 + k]));
    }
  }
}
