package chainrule.internal.kernel;

import chainrule.math.Program;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Calls a new loop on scratch arrays, in all the ways it can be called, until the JIT has compiled
 * it, and it is faster than the program's blocks on the same arrays.
 *
 * <p>HotSpot compiles a method with all its optimisations after some hundred calls with some
 * thousand turns of its loops in them, any loops. Turns on vectors are dear as long as every vector
 * is an object, so most calls here go through none: they count a row number down (see {@link
 * Emit}). What is left takes some ten milliseconds, half of the time at most, so that a training
 * that runs on all processors hardly notices.
 */
final class LoopTrial {
  /** Vectors in a row of most calls that compute at all. */
  private static final int VECTORS = 16;

  /** Calls between two looks at the clock; one in {@code EMPTY} of them computes. */
  private static final int CALLS = 64;

  private static final int EMPTY = 8;

  /**
   * After so many times {@code CALLS} the JIT has counted enough; what is left is to wait for it.
   */
  private static final int ROUNDS = 60;

  private static final int TURNS = 40;

  /** A step on a vector takes some nanoseconds in machine code, a hundred and more before. */
  private static final long NANOS = 20;

  private static final int WINS = 4;

  /** The compiler may be busy for so long. */
  private static final long LONGEST_NANOS = 5_000_000_000L;

  /** A plain loop that is not the faster one by then hardly ever is. */
  private static final long LONGEST_PLAIN_NANOS = 500_000_000L;

  private final Loop loop;
  private final Program program;
  private final Blocks blocks;
  private final Kernels<?> kernels;
  private final int length;
  private final Object[] arrays;
  private final int[] none;
  private final int[] apart;
  private final double[] scalars;

  /** The time of a call, in ns, that only machine code can have. */
  private final long fast;

  private int calls;

  private LoopTrial(Loop loop, LoopSpec spec, LoopTarget target, Kernels<?> kernels) {
    this.loop = loop;
    this.program = spec.program();
    this.kernels = kernels;
    int results = program.results().size();
    int[] fresh = new int[results];
    Arrays.fill(fresh, -1);
    boolean[] flushed = new boolean[results];
    for (int j = 0; j < results; j++) {
      flushed[j] = spec.flushed().get(j);
    }
    this.blocks = Blocks.cold(program, fresh, flushed);
    this.length = VECTORS * Math.max(target.bits(), 512) / (spec.single() ? 32 : 64);
    this.arrays = new Object[program.inputs() + results];
    Arrays.setAll(arrays, k -> numbers(spec.single(), k));
    this.none = new int[arrays.length];
    this.apart = new int[arrays.length];
    Arrays.setAll(apart, k -> k % 3);
    this.scalars = new double[program.scalars()];
    Arrays.fill(scalars, 0.5);
    int lanes = Emit.lanes(spec, target);
    int steps = Math.max(1, program.instructions().size());
    this.fast = lanes == 0 ? Long.MAX_VALUE : NANOS * steps * (length / lanes);
  }

  /** Numbers from 0 to 2, and late one beyond what trigonometric functions do lane by lane. */
  private Object numbers(boolean single, int k) {
    double[] x = new double[2 * length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 7 + k * 3) % 32 / 16.0;
    }
    x[length + 9] = 1e6;
    if (!single) {
      return x;
    }
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  /** The loop when it has become the faster one; null if it does not. */
  static @Nullable Loop run(LoopSpec spec, LoopTarget target, Kernels<?> kernels) {
    Loop loop = HotLoop.emitted(spec, target);
    return loop != null && new LoopTrial(loop, spec, target, kernels).won() ? loop : null;
  }

  private boolean won() {
    long start = System.nanoTime();
    long longest = fast == Long.MAX_VALUE ? LONGEST_PLAIN_NANOS : LONGEST_NANOS;
    int wins = 0;
    int rounds = 0;
    for (long now = start; now - start < longest && wins < WINS; now = System.nanoTime()) {
      long before = System.nanoTime();
      loop.run(arrays, none, none, scalars, 0, 1, 0, length);
      long between = System.nanoTime();
      block();
      long after = System.nanoTime();
      boolean faster = between - before <= Math.min(fast, after - between);
      wins = faster ? wins + 1 : 0;
      if (!faster) {
        for (int c = 0; c < CALLS && rounds < ROUNDS; c++) {
          call();
        }
        rounds++;
        rest(System.nanoTime() - before);
      }
    }
    return wins == WINS;
  }

  private static void rest(long nanos) {
    try {
      Thread.sleep(Math.clamp(nanos / 1_000_000, 2, 20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Computes on one row of whole vectors, mostly. Now and then on short rows, arrays that do not
   * begin alike, numbers that are computed one by one: seldom enough that the JIT does not copy the
   * code for them into the loop, whose speed would then hang on what that code assumes.
   */
  private void call() {
    int c = calls++;
    if (c % EMPTY != 0) {
      loop.run(arrays, none, none, scalars, TURNS, 0, 0, 0);
      return;
    }
    switch (c / EMPTY % 16) {
      case 3 -> loop.run(arrays, none, none, scalars, 0, 3, 1, 3);
      case 7 -> loop.run(arrays, apart, none, scalars, 0, 1, 0, length);
      case 11 -> loop.run(arrays, none, none, scalars, 0, 1, length / 2, length / 2 + length);
      default -> loop.run(arrays, none, none, scalars, 0, 1, 0, length);
    }
  }

  private void block() {
    Blocks.Run run = blocks.on(kernels);
    for (int i = 0; i < program.inputs(); i++) {
      run.input(i, arrays[i]);
    }
    for (int j = 0; j < program.results().size(); j++) {
      run.output(j, arrays[program.inputs() + j]);
    }
    for (int k = 0; k < scalars.length; k++) {
      run.scalar(k, scalars[k]);
    }
    run.go(length);
  }
}
