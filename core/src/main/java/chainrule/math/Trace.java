package chainrule.math;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Interpreter: record what a function does, to be run later by something else.
 *
 * <p>A trace has no number, only a place in the list of instructions that is being written; {@link
 * Program#record} makes the first ones and takes the list.
 *
 * <pre>{@code
 * Program.record(1, 0, x -> List.of(x.getFirst().silu()));   // v1 = σ(x0), v2 = x0·v1
 * }</pre>
 */
public final class Trace implements Num<Trace> {
  private final Recording recording;
  private final int value;

  private Trace(Recording recording, int value) {
    this.recording = recording;
    this.value = value;
  }

  /** The list that one recording writes. */
  private static final class Recording {
    final int given;
    final List<Program.Instruction> instructions = new ArrayList<>();

    Recording(int given) {
      this.given = given;
    }

    Trace add(Program.Instruction instruction) {
      instructions.add(instruction);
      return new Trace(this, given + instructions.size() - 1);
    }
  }

  /** The instructions of {@code f}, every one as it comes. */
  static Program record(int inputs, int scalars, Function<List<Trace>, List<Trace>> f) {
    var recording = new Recording(inputs + scalars);
    var given = new ArrayList<Trace>();
    for (int i = 0; i < recording.given; i++) {
      given.add(new Trace(recording, i));
    }
    var results = new ArrayList<Integer>();
    for (Trace y : f.apply(List.copyOf(given))) {
      results.add(y.in(recording));
    }
    return new Program(inputs, scalars, recording.instructions, results);
  }

  /** The number of this value, which must be of the same recording. */
  private int in(Recording here) {
    if (recording != here) {
      throw new IllegalArgumentException("a value of one recording was used in another");
    }
    return value;
  }

  @Override
  public Trace map(Unary f) {
    return recording.add(new Program.Map(f, value));
  }

  @Override
  public Trace zip(Binary f, Trace other) {
    return recording.add(new Program.Zip(f, value, other.in(recording)));
  }

  @Override
  public Trace select(Trace ifTrue, Trace ifFalse) {
    return recording.add(new Program.Select(value, ifTrue.in(recording), ifFalse.in(recording)));
  }

  @Override
  public Trace constant(double c) {
    return recording.add(new Program.Constant(c));
  }

  @Override
  public String toString() {
    return "v" + value;
  }
}
