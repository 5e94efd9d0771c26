package chainrule.tensor;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a function of tensors does, written down by running it once on tensors without numbers:
 * forward passes, backward passes and updates as one straight list of steps. The package {@code
 * compile} makes a plan of it.
 *
 * <p>A tensor that stands in the steps has a {@link Cell}, where its numbers will be; one that has
 * none is a constant. What is computed from constants alone is computed at once.
 */
public final class Capture {
  private final List<Step> steps = new ArrayList<>();
  private final List<Counter> counters = new ArrayList<>();
  private final Map<Parameter, Integer> updates = new IdentityHashMap<>();
  private final Map<Parameter, Tensor> gradients = new IdentityHashMap<>();
  private final Map<Cell, Integer> inputs = new IdentityHashMap<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Tensor> given;

  private Capture(List<Tensor> given) {
    this.given = given;
  }

  /**
   * Runs {@code body} on tensors without numbers.
   *
   * @param inputs tensors like those that it will be given; decisions are taken by their numbers
   * @param body the function; it is called once and must not look at numbers
   * @throws CaptureException if it does; the message names the line
   */
  public static Captured of(List<Tensor> inputs, Function<List<Tensor>, List<Tensor>> body) {
    var capture = new Capture(inputs);
    var placed = new ArrayList<Tensor>();
    for (Tensor x : inputs) {
      Tensor stands = capture.place(x.dtype(), x.shape());
      capture.inputs.put(placed(stands), placed.size());
      placed.add(stands);
    }
    List<Tensor> results = Tape.capture(capture, () -> body.apply(placed));
    return new Captured(
        placed, List.copyOf(results), capture.steps, capture.counters, capture.decisions);
  }

  /**
   * What was captured.
   *
   * @param inputs stand for the tensors that will be given
   * @param results what the function returned
   * @param steps what it did, in order
   * @param counters what it counts: each is advanced once before a run
   * @param decisions what it decided by the numbers of inputs
   */
  public record Captured(
      List<Tensor> inputs,
      List<Tensor> results,
      List<Step> steps,
      List<Counter> counters,
      List<Decision> decisions) {
    /** Keeps its own lists. */
    public Captured {
      inputs = List.copyOf(inputs);
      steps = List.copyOf(steps);
      counters = List.copyOf(counters);
      decisions = List.copyOf(decisions);
    }
  }

  /**
   * A question about an input, as it was answered while the function was captured.
   *
   * @param input which input
   * @param shape the shape in which it is shown
   */
  public record Decision(int input, Shape shape, Predicate<Tensor> question, boolean answer) {
    /** Whether the answer is the same for another input. */
    public boolean holds(Tensor in) {
      return question.test(new Tensor(in.dtype(), shape, in.array())) == answer;
    }
  }

  /** Whether a function is being captured in this scope. */
  public static boolean running() {
    return Tape.mode().capture() != null;
  }

  /** Where the numbers of captured tensors will stand: reshaped tensors share one. */
  public static final class Cell {
    private final DType dtype;
    private final int size;
    private @Nullable Parameter parameter;
    private @Nullable Object array;
    private @Nullable Cell same;

    private Cell(DType dtype, int size) {
      this.dtype = dtype;
      this.size = size;
    }

    /** The element type. */
    public DType dtype() {
      return dtype;
    }

    /** The number of elements. */
    public int size() {
      return size;
    }

    /** The parameter whose present array this is; null for any other cell. */
    public @Nullable Parameter parameter() {
      return parameter;
    }

    /** The numbers are a parameter's, which stays as it is while they are needed. */
    public void standsFor(Parameter p) {
      parameter = p;
    }

    /** This is another cell from now on: the same is computed there. */
    public void sameAs(Cell other) {
      same = other;
    }

    /** The cell that this one was said to be the same as, or this one. */
    private Cell resolved() {
      Cell cell = this;
      while (cell.same != null) {
        cell = cell.same;
      }
      return cell;
    }

    /** Says where the numbers stand from now on. */
    public void array(@Nullable Object to) {
      array = to;
    }

    /** A new array of the cell's type and size. */
    public Object allocate() {
      return dtype.allocate(size);
    }

    /** Takes the array of a tensor that has numbers. */
    public void take(Tensor from) {
      array = from.array();
    }

    /** Copies the numbers into an array of the cell's type and size. */
    public void copyTo(Object to) {
      System.arraycopy(array(), 0, to, 0, size);
    }

    /** A tensor with a copy of the numbers. */
    public Tensor copy(Shape shape) {
      Object to = dtype.allocate(size);
      copyTo(to);
      return new Tensor(dtype, shape, to);
    }

    Object array() {
      if (same != null) {
        return resolved().array();
      }
      Object now = parameter != null ? parameter.array() : array;
      if (now == null) {
        throw lookedAt();
      }
      return now;
    }
  }

  /** A parameter's numbers are not to be looked at while a function is captured. */
  static void refuseToLook() {
    if (running()) {
      throw lookedAt();
    }
  }

  private static CaptureException lookedAt() {
    StackTraceElement line = Source.here();
    return new CaptureException(
        "a step that is being compiled looks at numbers"
            + (line == null ? "" : " at " + line)
            + ": they exist only when it runs, so it cannot depend on them; leave out item() and"
            + " its like, choose with where(), decide by an input with Tape.decide, or run the step"
            + " without compiling it");
  }

  /** The cell of a captured tensor; null for a constant and for a parameter itself. */
  public static @Nullable Cell cell(Tensor x) {
    Cell cell = x.cell();
    return cell == null ? null : cell.resolved();
  }

  /** The cell of a tensor that a step writes. */
  public static Cell placed(Tensor result) {
    return Objects.requireNonNull(cell(result));
  }

  /** A number that counts calls, as a captured function sees it. */
  public static final class Counter {
    private final LongSupplier source;
    private long value;

    private Counter(LongSupplier source) {
      this.source = source;
    }

    /** Takes the next number for the run that begins. */
    public void advance() {
      value = source.getAsLong();
    }

    /** The number of the present run. */
    public long value() {
      return value;
    }
  }

  // ---------------------------------------------------------------- while it runs

  /** Whether no input of an operation has a cell, so that it can be computed at once. */
  static boolean known(Tensor... in) {
    for (Tensor x : in) {
      if (x.cell() != null || x instanceof Parameter) {
        return false;
      }
    }
    return true;
  }

  /** A tensor without numbers. */
  Tensor place(DType dtype, Shape shape) {
    return new Tensor(dtype, shape, new Cell(dtype, shape.size()));
  }

  void add(Step step) {
    Parameter changed = step.changed();
    if (changed != null) {
      updates.merge(changed, 1, Integer::sum);
    }
    steps.add(step);
  }

  /** How often a parameter has been updated so far. */
  int updates(Parameter p) {
    return updates.getOrDefault(p, 0);
  }

  /** The gradient that has been collected for a parameter: none at first. */
  @Nullable Tensor gradient(Parameter p) {
    return gradients.get(p);
  }

  void gradient(Parameter p, @Nullable Tensor gradient) {
    if (gradient == null) {
      gradients.remove(p);
    } else {
      gradients.put(p, gradient);
    }
  }

  /** The place of a parameter's present numbers, for a tensor that stands on them. */
  Cell cellOf(Parameter p) {
    Tensor result = place(p.dtype(), p.shape());
    add(new Step.Taken(p, result));
    return placed(result);
  }

  /** A buffer's value at this point. */
  Tensor read(Buffer buffer) {
    Tensor result = place(buffer.dtype(), buffer.shape());
    add(new Step.Read(buffer, result));
    return result;
  }

  /** A mask to be drawn with the counter of the given token. */
  Tensor draw(RandomMask mask, DType dtype, Shape shape, long token) {
    Tensor result = place(dtype, shape);
    add(new Step.Drawn(mask, counters.get((int) ~token), result));
    return result;
  }

  /** A number that is asked for at every run. */
  Tensor ask(DType dtype, DoubleSupplier source) {
    Tensor result = place(dtype, Shape.SCALAR);
    add(new Step.Asked(source, result));
    return result;
  }

  /** Answers a question about an input, and remembers the answer. */
  boolean decide(Tensor x, Predicate<Tensor> question) {
    if (known(x)) {
      return question.test(x);
    }
    Integer input = inputs.get(cell(x));
    if (input == null) {
      throw lookedAt();
    }
    Tensor in = given.get(input);
    boolean answer = question.test(new Tensor(in.dtype(), x.shape(), in.array()));
    decisions.add(new Decision(input, x.shape(), question, answer));
    return answer;
  }

  /** Stands for the next value of a counter: a token, below 0, that only a mask understands. */
  LongSupplier counter(LongSupplier source) {
    return () -> {
      counters.add(new Counter(source));
      return ~(counters.size() - 1L);
    };
  }
}
