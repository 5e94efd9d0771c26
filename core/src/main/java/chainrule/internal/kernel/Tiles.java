package chainrule.internal.kernel;

import java.util.Arrays;

/**
 * Moves two-dimensional pieces of arrays.
 *
 * <p>A transpose goes through a small square of its own, so that every cache line of both arrays is
 * read or written whole and at once: with rows that lie a power of two apart, they would push each
 * other out of the cache.
 */
final class Tiles {
  /** From here on a call of the platform's copy costs less than a loop. */
  static final int LONG = 16;

  private static final int SIDE = 64;

  private static final ThreadLocal<float[]> FLOATS =
      ThreadLocal.withInitial(() -> new float[SIDE * SIDE]);
  private static final ThreadLocal<double[]> DOUBLES =
      ThreadLocal.withInitial(() -> new double[SIDE * SIDE]);
  private static final ThreadLocal<int[]> INTS =
      ThreadLocal.withInitial(() -> new int[SIDE * SIDE]);

  private Tiles() {}

  /** {@code y[yo + i·yRow + j·yStep] = x[xo + i·xRow + j·xStep]} for rows of n elements. */
  static void block(
      float[] x,
      int xo,
      int xRow,
      int xStep,
      float[] y,
      int yo,
      int yRow,
      int yStep,
      int rows,
      int n) {
    for (int i = 0; i < rows; i++) {
      int from = xo + i * xRow;
      int to = yo + i * yRow;
      if (n >= LONG && xStep == 1 && yStep == 1) {
        System.arraycopy(x, from, y, to, n);
      } else if (n >= LONG && xStep == 0 && yStep == 1) {
        Arrays.fill(y, to, to + n, x[from]);
      } else {
        for (int j = 0; j < n; j++) {
          y[to + j * yStep] = x[from + j * xStep];
        }
      }
    }
  }

  /** {@code y[yo + i·yRow + j] = x[xo + j·xRow + i]} for i below m and j below n. */
  static void transpose(float[] x, int xo, int xRow, float[] y, int yo, int yRow, int m, int n) {
    if (n < LONG) {
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
          y[yo + i * yRow + j] = x[xo + j * xRow + i];
        }
      }
    } else if (m < LONG) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          y[yo + i * yRow + j] = x[xo + j * xRow + i];
        }
      }
    } else {
      float[] tile = FLOATS.get();
      for (int j = 0; j < n; j += SIDE) {
        int wide = Math.min(SIDE, n - j);
        for (int i = 0; i < m; i += SIDE) {
          int high = Math.min(SIDE, m - i);
          fill(tile, x, xo + j * xRow + i, xRow, high, wide);
          for (int r = 0; r < high; r++) {
            System.arraycopy(tile, r * SIDE, y, yo + (i + r) * yRow + j, wide);
          }
        }
      }
    }
  }

  private static void fill(float[] tile, float[] x, int at, int xRow, int high, int wide) {
    for (int j = 0; j < wide; j++) {
      int from = at + j * xRow;
      for (int i = 0; i < high; i++) {
        tile[i * SIDE + j] = x[from + i];
      }
    }
  }

  /** {@code y[yo + i·yRow + j·yStep] = x[xo + i·xRow + j·xStep]} for rows of n elements. */
  static void block(
      double[] x,
      int xo,
      int xRow,
      int xStep,
      double[] y,
      int yo,
      int yRow,
      int yStep,
      int rows,
      int n) {
    for (int i = 0; i < rows; i++) {
      int from = xo + i * xRow;
      int to = yo + i * yRow;
      if (n >= LONG && xStep == 1 && yStep == 1) {
        System.arraycopy(x, from, y, to, n);
      } else if (n >= LONG && xStep == 0 && yStep == 1) {
        Arrays.fill(y, to, to + n, x[from]);
      } else {
        for (int j = 0; j < n; j++) {
          y[to + j * yStep] = x[from + j * xStep];
        }
      }
    }
  }

  /** {@code y[yo + i·yRow + j] = x[xo + j·xRow + i]} for i below m and j below n. */
  static void transpose(double[] x, int xo, int xRow, double[] y, int yo, int yRow, int m, int n) {
    if (n < LONG) {
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
          y[yo + i * yRow + j] = x[xo + j * xRow + i];
        }
      }
    } else if (m < LONG) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          y[yo + i * yRow + j] = x[xo + j * xRow + i];
        }
      }
    } else {
      double[] tile = DOUBLES.get();
      for (int j = 0; j < n; j += SIDE) {
        int wide = Math.min(SIDE, n - j);
        for (int i = 0; i < m; i += SIDE) {
          int high = Math.min(SIDE, m - i);
          fill(tile, x, xo + j * xRow + i, xRow, high, wide);
          for (int r = 0; r < high; r++) {
            System.arraycopy(tile, r * SIDE, y, yo + (i + r) * yRow + j, wide);
          }
        }
      }
    }
  }

  private static void fill(double[] tile, double[] x, int at, int xRow, int high, int wide) {
    for (int j = 0; j < wide; j++) {
      int from = at + j * xRow;
      for (int i = 0; i < high; i++) {
        tile[i * SIDE + j] = x[from + i];
      }
    }
  }

  /** {@code y[yo + i·yRow + j·yStep] = x[xo + i·xRow + j·xStep]} for rows of n elements. */
  static void block(
      int[] x, int xo, int xRow, int xStep, int[] y, int yo, int yRow, int yStep, int rows, int n) {
    for (int i = 0; i < rows; i++) {
      int from = xo + i * xRow;
      int to = yo + i * yRow;
      if (n >= LONG && xStep == 1 && yStep == 1) {
        System.arraycopy(x, from, y, to, n);
      } else if (n >= LONG && xStep == 0 && yStep == 1) {
        Arrays.fill(y, to, to + n, x[from]);
      } else {
        for (int j = 0; j < n; j++) {
          y[to + j * yStep] = x[from + j * xStep];
        }
      }
    }
  }

  /** {@code y[yo + i·yRow + j] = x[xo + j·xRow + i]} for i below m and j below n. */
  static void transpose(int[] x, int xo, int xRow, int[] y, int yo, int yRow, int m, int n) {
    if (n < LONG) {
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
          y[yo + i * yRow + j] = x[xo + j * xRow + i];
        }
      }
    } else if (m < LONG) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          y[yo + i * yRow + j] = x[xo + j * xRow + i];
        }
      }
    } else {
      int[] tile = INTS.get();
      for (int j = 0; j < n; j += SIDE) {
        int wide = Math.min(SIDE, n - j);
        for (int i = 0; i < m; i += SIDE) {
          int high = Math.min(SIDE, m - i);
          fill(tile, x, xo + j * xRow + i, xRow, high, wide);
          for (int r = 0; r < high; r++) {
            System.arraycopy(tile, r * SIDE, y, yo + (i + r) * yRow + j, wide);
          }
        }
      }
    }
  }

  private static void fill(int[] tile, int[] x, int at, int xRow, int high, int wide) {
    for (int j = 0; j < wide; j++) {
      int from = at + j * xRow;
      for (int i = 0; i < high; i++) {
        tile[i * SIDE + j] = x[from + i];
      }
    }
  }
}
