package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's work on a range of rows, planes or elements, cut into tasks: a loop that captures
 * nothing, and beside it what the loop is given.
 *
 * <p>Objects are used again, so that in steady state a call allocates nothing. What has been given
 * is let go when the call ends.
 *
 * <pre>{@code
 * Ranges.on(kernels).array(x).array(y).size(n)
 *     .run(rows, block, (r, from, to) -> r.kernels().rows().softmax(r.array(0), r.array(1), from, to, r.n(0)));
 * }</pre>
 *
 * @param <A> the kind of array
 */
final class Ranges<A> implements IntConsumer {
  private static final int MOST = 10;
  private static final int[] NO_INDEX = {};
  private static final Pool<Ranges<?>> SPARE = new Pool<>(Ranges::new);

  /** What is done for a part of the range. */
  interface Body<A> {
    /** Does it for {@code from … to−1}; must not capture. */
    void run(Ranges<A> given, int from, int to);
  }

  private final @Nullable Object[] arrays = new @Nullable Object[MOST];
  private final int[] sizes = new int[MOST];
  private @Nullable Kernels<A> kernels;
  private @Nullable Body<A> body;
  private @Nullable Geometry geometry;
  private @Nullable Object function;
  private int[] index = NO_INDEX;
  private double eps;
  private boolean flag;
  private int arrayCount;
  private int sizeCount;
  private int all;
  private int block;

  private Ranges() {}

  /** A free object, to be given what {@link #run} needs. */
  static <A> Ranges<A> on(@Nullable Kernels<A> kernels) {
    Ranges<A> ranges = spare();
    ranges.kernels = kernels;
    return ranges;
  }

  @SuppressWarnings("unchecked") // between calls it holds no array of any kind
  private static <A> Ranges<A> spare() {
    return (Ranges<A>) SPARE.borrow();
  }

  /** Gives the next array, which may be missing. */
  Ranges<A> array(@Nullable A array) {
    arrays[arrayCount++] = array;
    return this;
  }

  /** Gives the next number. */
  Ranges<A> size(int n) {
    sizes[sizeCount++] = n;
    return this;
  }

  /** Gives labels or other indices. */
  Ranges<A> index(int[] at) {
    index = at;
    return this;
  }

  /** Gives how windows lie. */
  Ranges<A> geometry(Geometry g) {
    geometry = g;
    return this;
  }

  /** Gives a function, or whatever else tells what to do. */
  Ranges<A> function(Object f) {
    function = f;
    return this;
  }

  /** Gives the ε of a normalisation. */
  Ranges<A> eps(double value) {
    eps = value;
    return this;
  }

  /** Gives a choice. */
  Ranges<A> flag(boolean value) {
    flag = value;
    return this;
  }

  /** Runs the body over 0 … {@code n − 1}, {@code size} to a task, and lets go of everything. */
  void run(int n, int size, Body<A> what) {
    try {
      if (n <= size) {
        what.run(this, 0, n);
      } else {
        body = what;
        all = n;
        block = size;
        Threads.forEach(Split.tasks(n, size), this);
      }
    } finally {
      letGo();
      SPARE.giveBack(this);
    }
  }

  private void letGo() {
    for (int i = 0; i < arrayCount; i++) {
      arrays[i] = null;
    }
    arrayCount = 0;
    sizeCount = 0;
    kernels = null;
    body = null;
    geometry = null;
    function = null;
    index = NO_INDEX;
  }

  @Override
  public void accept(int task) {
    int from = task * block;
    requireNonNull(body).run(this, from, Split.end(from, block, all));
  }

  Kernels<A> kernels() {
    return requireNonNull(kernels);
  }

  /** Array {@code i} in the order of giving. */
  A array(int i) {
    return requireNonNull(maybe(i));
  }

  /** The same, or null if it is missing. */
  @SuppressWarnings("unchecked") // only such were given
  @Nullable A maybe(int i) {
    return (A) arrays[i];
  }

  /** Number {@code i} in the order of giving. */
  int n(int i) {
    return sizes[i];
  }

  int[] index() {
    return index;
  }

  Geometry geometry() {
    return requireNonNull(geometry);
  }

  Object function() {
    return requireNonNull(function);
  }

  double eps() {
    return eps;
  }

  boolean flag() {
    return flag;
  }
}
