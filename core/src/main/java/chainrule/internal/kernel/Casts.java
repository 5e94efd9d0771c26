package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The tasks of converting numbers to another type. */
final class Casts implements IntConsumer {
  private static final Pool<Casts> SPARE = new Pool<>(Casts::new);

  private @Nullable Object src;
  private @Nullable Object dst;
  private int n;

  private Casts() {}

  static void run(Object src, Object dst, int n) {
    Casts casts = SPARE.borrow();
    casts.src = src;
    casts.dst = dst;
    casts.n = n;
    try {
      Threads.forEach(Split.tasks(n, Split.GRAIN), casts);
    } finally {
      casts.src = null;
      casts.dst = null;
      SPARE.giveBack(casts);
    }
  }

  @Override
  public void accept(int task) {
    int from = task * Split.GRAIN;
    int to = Split.end(from, Split.GRAIN, n);
    switch (requireNonNull(src)) {
      case float[] x -> {
        switch (requireNonNull(dst)) {
          case float[] y -> System.arraycopy(x, from, y, from, to - from);
          case double[] y -> cast(x, y, from, to);
          case int[] y -> cast(x, y, from, to);
          case Object y -> throw Copies.notNumbers(y);
        }
      }
      case double[] x -> {
        switch (requireNonNull(dst)) {
          case float[] y -> cast(x, y, from, to);
          case double[] y -> System.arraycopy(x, from, y, from, to - from);
          case int[] y -> cast(x, y, from, to);
          case Object y -> throw Copies.notNumbers(y);
        }
      }
      case int[] x -> {
        switch (requireNonNull(dst)) {
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
