package chainrule.internal.kernel;

import java.util.Arrays;

/**
 * Moves two-dimensional pieces of arrays.
 *
 * <p>A transpose goes through a small tile of its own, so that every cache line of both arrays is
 * read or written whole and at once: with rows that lie a power of two apart, they would push each
 * other out of the cache.
 */
final class Tiles {
  /** From here on a call of the platform's copy costs less than a loop. */
  static final int LONG = 16;

  private static final int HIGH = 64;
  private static final int WIDE = 32;

  private static final ThreadLocal<float[]> FLOATS =
      ThreadLocal.withInitial(() -> new float[HIGH * WIDE]);
  private static final ThreadLocal<double[]> DOUBLES =
      ThreadLocal.withInitial(() -> new double[HIGH * WIDE]);
  private static final ThreadLocal<int[]> INTS =
      ThreadLocal.withInitial(() -> new int[HIGH * WIDE]);

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
      for (int j = 0; j < n; j += WIDE) {
        int wide = Math.min(WIDE, n - j);
        for (int i = 0; i < m; i += HIGH) {
          int high = Math.min(HIGH, m - i);
          int from = xo + j * xRow + i;
          fours(tile, x, from, xRow, high - high % 4, wide - wide % 4);
          rest(tile, x, from, xRow, high - high % 4, high, 0, wide);
          rest(tile, x, from, xRow, 0, high - high % 4, wide - wide % 4, wide);
          for (int r = 0; r < high; r++) {
            System.arraycopy(tile, r * WIDE, y, yo + (i + r) * yRow + j, wide);
          }
        }
      }
    }
  }

  /** Squares of 4×4, each in registers. */
  private static void fours(float[] tile, float[] x, int at, int xRow, int high, int wide) {
    for (int j = 0; j < wide; j += 4) {
      for (int i = 0; i < high; i += 4) {
        int p = at + j * xRow + i;
        float a0 = x[p];
        float a1 = x[p + 1];
        float a2 = x[p + 2];
        float a3 = x[p + 3];
        p += xRow;
        float b0 = x[p];
        float b1 = x[p + 1];
        float b2 = x[p + 2];
        float b3 = x[p + 3];
        p += xRow;
        float c0 = x[p];
        float c1 = x[p + 1];
        float c2 = x[p + 2];
        float c3 = x[p + 3];
        p += xRow;
        float d0 = x[p];
        float d1 = x[p + 1];
        float d2 = x[p + 2];
        float d3 = x[p + 3];
        int q = i * WIDE + j;
        tile[q] = a0;
        tile[q + 1] = b0;
        tile[q + 2] = c0;
        tile[q + 3] = d0;
        tile[q + WIDE] = a1;
        tile[q + WIDE + 1] = b1;
        tile[q + WIDE + 2] = c1;
        tile[q + WIDE + 3] = d1;
        tile[q + 2 * WIDE] = a2;
        tile[q + 2 * WIDE + 1] = b2;
        tile[q + 2 * WIDE + 2] = c2;
        tile[q + 2 * WIDE + 3] = d2;
        tile[q + 3 * WIDE] = a3;
        tile[q + 3 * WIDE + 1] = b3;
        tile[q + 3 * WIDE + 2] = c3;
        tile[q + 3 * WIDE + 3] = d3;
      }
    }
  }

  private static void rest(
      float[] tile, float[] x, int at, int xRow, int i0, int i1, int j0, int j1) {
    for (int j = j0; j < j1; j++) {
      for (int i = i0; i < i1; i++) {
        tile[i * WIDE + j] = x[at + j * xRow + i];
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
      for (int j = 0; j < n; j += WIDE) {
        int wide = Math.min(WIDE, n - j);
        for (int i = 0; i < m; i += HIGH) {
          int high = Math.min(HIGH, m - i);
          int from = xo + j * xRow + i;
          fours(tile, x, from, xRow, high - high % 4, wide - wide % 4);
          rest(tile, x, from, xRow, high - high % 4, high, 0, wide);
          rest(tile, x, from, xRow, 0, high - high % 4, wide - wide % 4, wide);
          for (int r = 0; r < high; r++) {
            System.arraycopy(tile, r * WIDE, y, yo + (i + r) * yRow + j, wide);
          }
        }
      }
    }
  }

  /** Squares of 4×4, each in registers. */
  private static void fours(double[] tile, double[] x, int at, int xRow, int high, int wide) {
    for (int j = 0; j < wide; j += 4) {
      for (int i = 0; i < high; i += 4) {
        int p = at + j * xRow + i;
        double a0 = x[p];
        double a1 = x[p + 1];
        double a2 = x[p + 2];
        double a3 = x[p + 3];
        p += xRow;
        double b0 = x[p];
        double b1 = x[p + 1];
        double b2 = x[p + 2];
        double b3 = x[p + 3];
        p += xRow;
        double c0 = x[p];
        double c1 = x[p + 1];
        double c2 = x[p + 2];
        double c3 = x[p + 3];
        p += xRow;
        double d0 = x[p];
        double d1 = x[p + 1];
        double d2 = x[p + 2];
        double d3 = x[p + 3];
        int q = i * WIDE + j;
        tile[q] = a0;
        tile[q + 1] = b0;
        tile[q + 2] = c0;
        tile[q + 3] = d0;
        tile[q + WIDE] = a1;
        tile[q + WIDE + 1] = b1;
        tile[q + WIDE + 2] = c1;
        tile[q + WIDE + 3] = d1;
        tile[q + 2 * WIDE] = a2;
        tile[q + 2 * WIDE + 1] = b2;
        tile[q + 2 * WIDE + 2] = c2;
        tile[q + 2 * WIDE + 3] = d2;
        tile[q + 3 * WIDE] = a3;
        tile[q + 3 * WIDE + 1] = b3;
        tile[q + 3 * WIDE + 2] = c3;
        tile[q + 3 * WIDE + 3] = d3;
      }
    }
  }

  private static void rest(
      double[] tile, double[] x, int at, int xRow, int i0, int i1, int j0, int j1) {
    for (int j = j0; j < j1; j++) {
      for (int i = i0; i < i1; i++) {
        tile[i * WIDE + j] = x[at + j * xRow + i];
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
      for (int j = 0; j < n; j += WIDE) {
        int wide = Math.min(WIDE, n - j);
        for (int i = 0; i < m; i += HIGH) {
          int high = Math.min(HIGH, m - i);
          int from = xo + j * xRow + i;
          fours(tile, x, from, xRow, high - high % 4, wide - wide % 4);
          rest(tile, x, from, xRow, high - high % 4, high, 0, wide);
          rest(tile, x, from, xRow, 0, high - high % 4, wide - wide % 4, wide);
          for (int r = 0; r < high; r++) {
            System.arraycopy(tile, r * WIDE, y, yo + (i + r) * yRow + j, wide);
          }
        }
      }
    }
  }

  /** Squares of 4×4, each in registers. */
  private static void fours(int[] tile, int[] x, int at, int xRow, int high, int wide) {
    for (int j = 0; j < wide; j += 4) {
      for (int i = 0; i < high; i += 4) {
        int p = at + j * xRow + i;
        int a0 = x[p];
        int a1 = x[p + 1];
        int a2 = x[p + 2];
        int a3 = x[p + 3];
        p += xRow;
        int b0 = x[p];
        int b1 = x[p + 1];
        int b2 = x[p + 2];
        int b3 = x[p + 3];
        p += xRow;
        int c0 = x[p];
        int c1 = x[p + 1];
        int c2 = x[p + 2];
        int c3 = x[p + 3];
        p += xRow;
        int d0 = x[p];
        int d1 = x[p + 1];
        int d2 = x[p + 2];
        int d3 = x[p + 3];
        int q = i * WIDE + j;
        tile[q] = a0;
        tile[q + 1] = b0;
        tile[q + 2] = c0;
        tile[q + 3] = d0;
        tile[q + WIDE] = a1;
        tile[q + WIDE + 1] = b1;
        tile[q + WIDE + 2] = c1;
        tile[q + WIDE + 3] = d1;
        tile[q + 2 * WIDE] = a2;
        tile[q + 2 * WIDE + 1] = b2;
        tile[q + 2 * WIDE + 2] = c2;
        tile[q + 2 * WIDE + 3] = d2;
        tile[q + 3 * WIDE] = a3;
        tile[q + 3 * WIDE + 1] = b3;
        tile[q + 3 * WIDE + 2] = c3;
        tile[q + 3 * WIDE + 3] = d3;
      }
    }
  }

  private static void rest(int[] tile, int[] x, int at, int xRow, int i0, int i1, int j0, int j1) {
    for (int j = j0; j < j1; j++) {
      for (int i = i0; i < i1; i++) {
        tile[i * WIDE + j] = x[at + j * xRow + i];
      }
    }
  }
}
