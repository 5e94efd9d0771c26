package chainrule.kernels.vector;

import java.util.random.RandomGenerator;

/** Numbers of every kind: ordinary ones, and those where floating point has corners. */
final class Inputs {
  /** Sizes around every vector width and block. */
  static final int[] SIZES = {
    0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 128, 257, 1023
  };

  private static final double[] CORNERS = {
    0.0,
    -0.0,
    1,
    -1,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_NORMAL / 2,
    Float.MAX_VALUE,
    1e-310,
    88.8,
    -104.1,
    1e6
  };

  private Inputs() {}

  static float[] floats(int n, RandomGenerator random, boolean corners) {
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = (float) next(random, corners);
    }
    return out;
  }

  static double[] doubles(int n, RandomGenerator random, boolean corners) {
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = next(random, corners);
    }
    return out;
  }

  private static double next(RandomGenerator random, boolean corners) {
    return corners && random.nextInt(6) == 0
        ? CORNERS[random.nextInt(CORNERS.length)]
        : random.nextGaussian() * (random.nextInt(8) == 0 ? 20 : 1);
  }
}
