package chainrule.benchmarks.kernels;

import chainrule.tensor.Tensor;
import java.util.SplittableRandom;

/** Operands, the same in every run. */
final class Data {
  private static final long SEED = 42;

  private Data() {}

  /** Numbers from −2 to 2. */
  static float[] floats(int n) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = 4f * random.nextFloat() - 2f;
    }
    return x;
  }

  /** Numbers from −2 to 2. */
  static double[] doubles(int n) {
    return new SplittableRandom(SEED).doubles(n, -2, 2).toArray();
  }

  /** Indices below {@code bound}. */
  static int[] indices(int n, int bound) {
    return new SplittableRandom(SEED).ints(n, 0, bound).toArray();
  }

  /** A tensor of numbers from −2 to 2. */
  static Tensor tensor(int... dims) {
    int n = 1;
    for (int d : dims) {
      n *= d;
    }
    return Tensor.of(floats(n), dims);
  }
}
