package chainrule.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How operations are recorded in the current scope: whether at all, under which layer's name, and
 * who listens. Scopes nest, belong to the thread that opened them, and end with their block.
 *
 * <pre>{@code
 * Tensor y = Tape.noGrad(() -> model.forward(x));
 * }</pre>
 */
public final class Tape {
  private static final ScopedValue<Mode> MODE = ScopedValue.newInstance();
  private static final Mode DEFAULT = new Mode(true, "", null, null, false, false, false, null);

  private Tape() {}

  /** Everything a scope can set. */
  record Mode(
      boolean grad,
      String path,
      @Nullable OpListener listener,
      @Nullable Draws draws,
      boolean frozenBuffers,
      boolean sources,
      boolean expressions,
      @Nullable Capture capture) {
    Mode grad(boolean on) {
      return new Mode(on, path, listener, draws, frozenBuffers, sources, expressions, capture);
    }

    Mode path(String to) {
      return new Mode(grad, to, listener, draws, frozenBuffers, sources, expressions, capture);
    }

    Mode listener(@Nullable OpListener to) {
      return new Mode(grad, path, to, draws, frozenBuffers, sources, expressions, capture);
    }

    Mode draws(Draws to) {
      return new Mode(grad, path, listener, to, frozenBuffers, sources, expressions, capture);
    }

    Mode frozen() {
      return new Mode(grad, path, listener, draws, true, sources, expressions, capture);
    }

    Mode withSources() {
      return new Mode(grad, path, listener, draws, frozenBuffers, true, expressions, capture);
    }

    Mode capture(Capture by) {
      return new Mode(grad, path, listener, draws, frozenBuffers, sources, expressions, by);
    }

    Mode asExpressions() {
      return new Mode(grad, path, listener, draws, frozenBuffers, sources, true, capture);
    }
  }

  static Mode mode() {
    return MODE.isBound() ? MODE.get() : DEFAULT;
  }

  private static <T> T in(Mode mode, Supplier<T> body) {
    return ScopedValue.where(MODE, mode).call(body::get);
  }

  private static Supplier<Boolean> asSupplier(Runnable body) {
    return () -> {
      body.run();
      return true;
    };
  }

  /** Runs {@code body} without recording: what it computes are constants. */
  public static <T> T noGrad(Supplier<T> body) {
    return grad(false, body);
  }

  /** Runs {@code body} without recording. */
  public static void noGrad(Runnable body) {
    noGrad(asSupplier(body));
  }

  /** Runs {@code body} with recording switched on or off. */
  public static <T> T grad(boolean on, Supplier<T> body) {
    Mode m = mode();
    if (m.grad == on) {
      return body.get();
    }
    return in(m.grad(on), body);
  }

  /** Whether operations are being recorded. */
  public static boolean recording() {
    return mode().grad;
  }

  /** Whether rules run as tensor operations, because these are being recorded or captured. */
  static boolean inTensors() {
    Mode m = mode();
    return m.grad || m.capture != null;
  }

  /** Runs {@code body} as the layer {@code name}, inside the layers already open. */
  public static <T> T layer(String name, Supplier<T> body) {
    Mode m = mode();
    String path = m.path.isEmpty() ? name : name.isEmpty() ? m.path : m.path + "." + name;
    return in(m.path(path), body);
  }

  /** The path of the layer that is running, such as {@code 3.body.fc1}; empty outside of layers. */
  public static String path() {
    return mode().path;
  }

  /** Runs {@code body}, telling {@code listener} of every operation; an outer listener pauses. */
  public static <T> T listen(@Nullable OpListener listener, Supplier<T> body) {
    return in(mode().listener(listener), body);
  }

  /** Runs {@code body} on tensors without numbers, writing down what it does. */
  static <T> T capture(Capture by, Supplier<T> body) {
    return in(mode().capture(by), body);
  }

  /** Runs {@code body}, noting for every node the line of Java that made it; slow. */
  public static <T> T withSources(Supplier<T> body) {
    return in(mode().withSources(), body);
  }

  /** The innermost line of Java outside the engine that is running now; empty if there is none. */
  public static Optional<StackTraceElement> source() {
    return Optional.ofNullable(Source.here());
  }

  /** Runs {@code body} with updates of every {@link Buffer} ignored. */
  public static <T> T frozenBuffers(Supplier<T> body) {
    return in(mode().frozen(), body);
  }

  /**
   * Runs {@code body} with every {@link Fused} operation replaced by the expression that defines
   * it: slower, and with every step in the graph.
   */
  public static <T> T expressions(Supplier<T> body) {
    return in(mode().asExpressions(), body);
  }

  /**
   * The next value of a counter that randomness is drawn with.
   *
   * <p>When a checkpoint recomputes, the values of the first run come again, so that a dropped unit
   * is dropped twice.
   */
  public static long draw(LongSupplier counter) {
    Mode mode = mode();
    Draws draws = mode.draws;
    LongSupplier next = mode.capture == null ? counter : mode.capture.counter(counter);
    return draws == null ? next.getAsLong() : draws.next(next);
  }

  /**
   * A single number from outside, such as one that a schedule moves: asked for now, or, in a
   * compiled step, at every run.
   */
  public static Tensor number(DType dtype, DoubleSupplier source) {
    Capture capture = mode().capture;
    return capture == null
        ? Tensor.full(dtype, source.getAsDouble())
        : capture.ask(dtype, source);
  }

  /**
   * Shows numbers to an observer: now, or, in a compiled step, whenever it comes here. What the
   * observer throws ends the step.
   *
   * {@snippet :
   * Tape.observe(t -> System.out.println(t.getFirst().item()), loss);
   * }
   *
   * @param x what is shown, as constants
   */
  public static void observe(Consumer<List<Tensor>> observer, Tensor... x) {
    Capture capture = mode().capture;
    if (capture == null) {
      observer.accept(Arrays.stream(x).map(Tensor::detach).toList());
    } else {
      capture.add(new Step.Observed(List.of(x), observer));
    }
  }

  /**
   * Decides by the numbers of a tensor. In a compiled step it must be one of the inputs, perhaps
   * reshaped: the answer belongs to the plan, which serves inputs of the same answers only.
   *
   * @param question is asked before every run; what it throws comes out of the step
   */
  public static boolean decide(Tensor x, Predicate<Tensor> question) {
    Capture capture = mode().capture;
    return capture == null ? question.test(x) : capture.decide(x, question);
  }

  /** The counter values drawn in a first run, to be drawn again in the same order. */
  public static final class Draws {
    private final @Nullable Draws outer = mode().draws;
    private long[] log = new long[4];
    private int count;
    private int cursor;
    private boolean replaying;
    private String path = "";

    /** Remembers nothing yet. */
    public Draws() {}

    /** Runs {@code body}, remembering what it draws. */
    public <T> T record(Supplier<T> body) {
      Mode m = mode();
      path = m.path;
      return in(m.draws(this), body);
    }

    /** Runs {@code body} as the same layer, drawing the same again; buffers stay as they are. */
    public <T> T replay(Supplier<T> body) {
      var again = new Draws();
      again.log = log;
      again.count = count;
      again.replaying = true;
      return in(mode().path(path).draws(again).frozen(), body);
    }

    private long next(LongSupplier counter) {
      if (replaying) {
        if (cursor == count) {
          throw new GraphException(
              "a checkpointed function drew more random numbers when it was recomputed than in its"
                  + " first run; it must do the same both times");
        }
        return log[cursor++];
      }
      if (count == log.length) {
        log = Arrays.copyOf(log, 2 * count);
      }
      long value = outer == null ? counter.getAsLong() : outer.next(counter);
      log[count++] = value;
      return value;
    }
  }
}
