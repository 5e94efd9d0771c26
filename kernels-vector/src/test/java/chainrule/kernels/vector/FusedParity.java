package chainrule.kernels.vector;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The fused loops of a provider and of the specification on the same inputs. */
final class FusedParity {
  private static final double EPS = 1e-5;

  private FusedParity() {}

  static <A> void softmax(Parity<A> p, int n) {
    int rows = 1 + p.next(n < 64 ? 300 : 5);
    int from = p.next(rows);
    int size = rows * n;
    A x = p.make(size, p.next(3) == 0);
    A g = p.make(size, p.next(3) == 0);
    A one = p.make(1, false);
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      labels[r] = p.next(n);
    }
    String at = " " + rows + "×" + n;
    p.compare("softmax" + at, size, (k, y) -> k.rows().softmax(x, y, from, rows, n));
    p.compare(
        "softmaxBackward" + at, size, (k, y) -> k.rows().softmaxBackward(g, x, y, from, rows, n));
    p.compare("logSoftmax" + at, size, (k, y) -> k.rows().logSoftmax(x, y, from, rows, n));
    p.compare(
        "logSoftmaxBackward" + at,
        size,
        (k, y) -> k.rows().logSoftmaxBackward(g, x, y, from, rows, n));
    p.compare(
        "crossEntropy" + at, rows, (k, y) -> k.rows().crossEntropy(x, labels, y, from, rows, n));
    p.compare("meanLoss " + n, 1, (k, y) -> k.rows().meanLoss(x, y, n));
    p.compare(
        "crossEntropyBackward" + at,
        size,
        (k, y) -> k.rows().crossEntropyBackward(one, x, labels, y, 7, from, rows, n));
  }

  static <A> void norms(Parity<A> p, int n) {
    int rows = 1 + p.next(5);
    int from = p.next(rows);
    int size = rows * n;
    boolean corners = p.next(4) == 0;
    A x = p.make(size, corners);
    A g = p.make(size, corners);
    A weight = p.make(n, false);
    A bias = p.make(n, false);
    for (boolean centred : new boolean[] {true, false}) {
      String at = (centred ? "layer " : "rms ") + rows + "×" + n;
      for (@Nullable A b : Arrays.asList(bias, null)) {
        p.compare(
            "norm " + at,
            size,
            (k, y) -> k.norms().norm(x, weight, b, y, centred, EPS, from, rows, n));
      }
      p.compare(
          "norm to x " + at,
          size,
          (k, y) ->
              k.norms().normBackward(g, x, weight, y, null, null, 0, centred, EPS, from, rows, n));
      p.compare(
          "norm to weight " + at,
          n + 3,
          (k, y) ->
              k.norms().normBackward(g, x, weight, null, y, null, 3, centred, EPS, from, rows, n));
      p.compare(
          "norm to bias " + at,
          n + 3,
          (k, y) ->
              k.norms().normBackward(g, x, weight, null, null, y, 3, centred, EPS, from, rows, n));
      A other = p.make(size, false);
      p.compare(
          "norm to all, x " + at,
          size,
          (k, y) ->
              k.norms()
                  .normBackward(g, x, weight, y, other, other, 0, centred, EPS, from, rows, n));
      p.compare(
          "norm to all, weight " + at,
          n,
          (k, y) ->
              k.norms().normBackward(g, x, weight, other, y, null, 0, centred, EPS, from, rows, n));
    }
  }

  static <A> void channels(Parity<A> p, int n) {
    int channels = 1 + p.next(4);
    int rows = channels * (1 + p.next(3));
    int from = p.next(rows);
    int size = rows * n;
    boolean corners = p.next(4) == 0;
    A x = p.make(size, corners);
    A g = p.make(size, corners);
    A mean = p.make(Math.max(n, channels), false);
    A scale = p.make(Math.max(n, channels), false);
    A weight = p.make(Math.max(n, channels), false);
    String at = " " + rows + "×" + n;
    p.compare(
        "squaresInner" + at,
        rows,
        (k, y) -> k.channels().squaresInner(x, mean, y, from, rows, n, channels));
    p.compare(
        "productsInner" + at,
        rows,
        (k, y) -> k.channels().productsInner(g, x, mean, scale, y, from, rows, n, channels));
    p.compare("sumOuter" + at, n + 3, (k, y) -> k.channels().sumOuter(x, y, 3, from, rows, n));
    p.compare(
        "squaresOuter" + at,
        n + 3,
        (k, y) -> k.channels().squaresOuter(x, mean, y, 3, from, rows, n));
    p.compare(
        "productsOuter" + at,
        n + 3,
        (k, y) -> k.channels().productsOuter(g, x, mean, scale, y, 3, from, rows, n));
    for (boolean mixed : new boolean[] {true, false}) {
      for (int given = 0; given < 4; given++) {
        @Nullable A w = (given & 1) == 0 ? null : weight;
        @Nullable A b = (given & 2) == 0 ? null : mean;
        p.compare(
            "normalise" + at + (mixed ? " mixed " : " ") + given,
            size,
            (k, y) ->
                k.channels().normalise(x, mean, scale, w, b, y, from, rows, n, channels, mixed));
      }
    }
  }
}
