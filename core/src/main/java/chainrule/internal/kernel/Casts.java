package chainrule.internal.kernel;

/** Converts numbers to another type. */
final class Casts {
  private Casts() {}

  static void run(Object src, Object dst, int n) {
    Ranges.on(null)
        .array(src)
        .array(dst)
        .run(n, Split.GRAIN, (r, from, to) -> cast(r.array(0), r.array(1), from, to));
  }

  private static void cast(Object src, Object dst, int from, int to) {
    switch (src) {
      case float[] x -> {
        switch (dst) {
          case float[] y -> System.arraycopy(x, from, y, from, to - from);
          case double[] y -> cast(x, y, from, to);
          case int[] y -> cast(x, y, from, to);
          case Object y -> throw Copies.notNumbers(y);
        }
      }
      case double[] x -> {
        switch (dst) {
          case float[] y -> cast(x, y, from, to);
          case double[] y -> System.arraycopy(x, from, y, from, to - from);
          case int[] y -> cast(x, y, from, to);
          case Object y -> throw Copies.notNumbers(y);
        }
      }
      case int[] x -> {
        switch (dst) {
          case float[] y -> cast(x, y, from, to);
          case double[] y -> cast(x, y, from, to);
          case int[] y -> System.arraycopy(x, from, y, from, to - from);
          case Object y -> throw Copies.notNumbers(y);
        }
      }
      case Object x -> throw Copies.notNumbers(x);
    }
  }

  private static void cast(float[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i];
    }
  }

  private static void cast(float[] x, int[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (int) x[i];
    }
  }

  private static void cast(double[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (float) x[i];
    }
  }

  private static void cast(double[] x, int[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (int) x[i];
    }
  }

  private static void cast(int[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (float) x[i];
    }
  }

  private static void cast(int[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i];
    }
  }
}
