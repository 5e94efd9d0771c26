package chainrule.internal.kernel;

import chainrule.math.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Normalisation by channel, dimension 1 of {@code batch × channels × inner}: the loops of {@link
 * ChannelKernels} one after the other, each split into tasks by shape alone.
 *
 * <p>A channel is summed as {@code sum} over dimension 0 and the inner ones does it: first each
 * inner row, in 64 lanes, then over the batch, in chunks of 256; a single channel of single numbers
 * as one row.
 */
public final class ChannelSplit {
  private static final int STEPS = 4;

  /** Rows that are summed in order before they are added to the others. */
  private static final int CHUNK = 256;

  private ChannelSplit() {}

  private static int block(int row) {
    return Split.rows((long) STEPS * row);
  }

  /** {@code y}: the means of the channels, then their mean square deviations. */
  public static <A> void moments(Kernels<A> all, A x, A y, int batch, int channels, int inner) {
    ChannelKernels<A> k = all.channels();
    int count = batch * inner;
    A sum = Scratch.like(x, Scratch.Use.CHANNELS_A, channels);
    sum(all, Term.VALUE, x, x, y, y, sum, batch, channels, inner);
    k.divide(sum, count, y, 0, channels);
    sum(all, Term.SQUARE, x, x, y, y, sum, batch, channels, inner);
    k.divide(sum, count, y, channels, channels);
  }

  /** What is summed over a channel. */
  private enum Term {
    VALUE,
    SQUARE,
    PRODUCT
  }

  /** The sum of a term over each channel; operands that the term does not have are ignored. */
  private static <A> void sum(
      Kernels<A> all,
      Term term,
      A g,
      A x,
      A mean,
      A scale,
      A y,
      int batch,
      int channels,
      int inner) {
    if (inner == 1 && channels == 1) {
      sumInner(all, term, g, x, mean, scale, y, 0, 1, batch, 1);
    } else if (inner == 1) {
      sumOuter(all, term, g, x, mean, scale, y, batch, channels);
    } else {
      int rows = batch * channels;
      A parts = Scratch.like(x, Scratch.Use.PARTS, rows);
      terms(all, term, g, x, mean, scale)
          .array(parts)
          .size(inner)
          .size(channels)
          .run(
              rows,
              block(inner),
              (r, from, to) ->
                  sumInner(
                      r.kernels(),
                      (Term) r.function(),
                      r.array(0),
                      r.array(1),
                      r.array(2),
                      r.array(3),
                      r.array(4),
                      from,
                      to,
                      r.n(0),
                      r.n(1)));
      Split.sum(all, parts, y, 1, batch, channels);
    }
  }

  private static <A> Ranges<A> terms(Kernels<A> all, Term term, A g, A x, A mean, A scale) {
    return Ranges.on(all).function(term).array(g).array(x).array(mean).array(scale);
  }

  private static <A> void sumInner(
      Kernels<A> all,
      Term term,
      A g,
      A x,
      A mean,
      A scale,
      A q,
      int from,
      int to,
      int n,
      int channels) {
    ChannelKernels<A> k = all.channels();
    switch (term) {
      case VALUE -> all.sumInner(x, q, from, to, n);
      case SQUARE -> k.squaresInner(x, mean, q, from, to, n, channels);
      case PRODUCT -> k.productsInner(g, x, mean, scale, q, from, to, n, channels);
    }
  }

  private static <A> void sumOuter(
      Kernels<A> all, Term term, A g, A x, A mean, A scale, A y, int rows, int n) {
    int chunks = Split.tasks(rows, CHUNK);
    if (chunks <= 1) {
      if (rows == 0) {
        all.sumOuter(x, 0, y, 0, 0, n, 0, n);
      } else {
        sumChunk(all, term, g, x, mean, scale, y, 0, rows, n);
      }
      return;
    }
    A parts = Scratch.like(x, Scratch.Use.PARTS, chunks * n);
    terms(all, term, g, x, mean, scale)
        .array(parts)
        .size(rows)
        .size(n)
        .run(chunks, rows <= block(n) ? chunks : 1, ChannelSplit::sumChunks);
    System.arraycopy(parts, 0, y, 0, n);
    for (int c = 1; c < chunks; c++) {
      all.zip(Binary.ADD, y, 0, 1, parts, c * n, 1, y, 0, n);
    }
  }

  private static <A> void sumChunks(Ranges<A> r, int from, int to) {
    Term term = (Term) r.function();
    for (int c = from; c < to; c++) {
      sumChunk(
          r.kernels(),
          term,
          r.array(0),
          r.array(1),
          r.array(2),
          r.array(3),
          r.array(4),
          c,
          r.n(0),
          r.n(1));
    }
  }

  private static <A> void sumChunk(
      Kernels<A> all, Term term, A g, A x, A mean, A scale, A q, int chunk, int rows, int n) {
    ChannelKernels<A> k = all.channels();
    int from = chunk * CHUNK;
    int to = Split.end(from, CHUNK, rows);
    switch (term) {
      case VALUE -> k.sumOuter(x, q, chunk * n, from, to, n);
      case SQUARE -> k.squaresOuter(x, mean, q, chunk * n, from, to, n);
      case PRODUCT -> k.productsOuter(g, x, mean, scale, q, chunk * n, from, to, n);
    }
  }

  /** From what arrives at {@link #moments} to x. */
  public static <A> void momentsBackward(
      Kernels<A> all, A g, A x, A moments, A dx, int batch, int channels, int inner) {
    A offset = Scratch.like(x, Scratch.Use.CHANNELS_A, channels);
    A slope = Scratch.like(x, Scratch.Use.CHANNELS_B, channels);
    all.channels().momentsBackward(g, batch * inner, offset, slope, channels);
    affine(all, x, moments, slope, null, offset, dx, batch, channels, inner);
  }

  /** {@code y = (x − mean)·1/√(var + ε)·weight + bias}; what is null is left out. */
  public static <A> void normalise(
      Kernels<A> all,
      A x,
      A moments,
      @Nullable A weight,
      @Nullable A bias,
      A y,
      double eps,
      int batch,
      int channels,
      int inner) {
    A scale = Scratch.like(x, Scratch.Use.CHANNELS_A, channels);
    all.channels().scale(moments, channels, scale, eps, channels);
    affine(all, x, moments, scale, weight, bias, y, batch, channels, inner);
  }

  private static <A> void affine(
      Kernels<A> all,
      A x,
      A mean,
      A scale,
      @Nullable A weight,
      @Nullable A bias,
      A y,
      int batch,
      int channels,
      int inner) {
    int n = inner == 1 ? channels : inner;
    Ranges.on(all)
        .array(x)
        .array(mean)
        .array(scale)
        .array(weight)
        .array(bias)
        .array(y)
        .flag(inner == 1)
        .size(n)
        .size(channels)
        .run(
            inner == 1 ? batch : batch * channels,
            block(n),
            (r, from, to) ->
                r.kernels()
                    .channels()
                    .normalise(
                        r.array(0),
                        r.array(1),
                        r.array(2),
                        r.maybe(3),
                        r.maybe(4),
                        r.array(5),
                        from,
                        to,
                        r.n(0),
                        r.n(1),
                        r.flag()));
  }

  /** The gradients of {@link #normalise}; those are computed that are not null. */
  public static <A> void normaliseBackward(
      Kernels<A> all,
      A g,
      A x,
      A moments,
      @Nullable A weight,
      @Nullable A dx,
      @Nullable A dmoments,
      @Nullable A dweight,
      @Nullable A dbias,
      double eps,
      int batch,
      int channels,
      int inner) {
    ChannelKernels<A> k = all.channels();
    A scale = Scratch.like(x, Scratch.Use.CHANNELS_A, channels);
    A factor = Scratch.like(x, Scratch.Use.CHANNELS_B, channels);
    k.scale(moments, channels, scale, eps, channels);
    k.factor(scale, weight, factor, channels);
    A sum = dbias != null ? dbias : Scratch.like(x, Scratch.Use.CHANNELS_C, channels);
    A product = dweight != null ? dweight : Scratch.like(x, Scratch.Use.CHANNELS_D, channels);
    if (dbias != null || dmoments != null) {
      sum(all, Term.VALUE, g, g, moments, scale, sum, batch, channels, inner);
    }
    if (dweight != null || dmoments != null) {
      sum(all, Term.PRODUCT, g, x, moments, scale, product, batch, channels, inner);
    }
    if (dmoments != null) {
      k.momentsArrive(factor, scale, sum, product, dmoments, channels);
    }
    if (dx != null) {
      scaled(all, g, factor, dx, batch, channels, inner);
    }
  }

  /** {@code dx = g·factor}. */
  private static <A> void scaled(
      Kernels<A> all, A g, A factor, A dx, int batch, int channels, int inner) {
    int n = inner == 1 ? channels : inner;
    Ranges.on(all)
        .array(g)
        .array(factor)
        .array(dx)
        .flag(inner == 1)
        .size(n)
        .size(channels)
        .run(inner == 1 ? batch : batch * channels, block(n), ChannelSplit::scaled);
  }

  private static <A> void scaled(Ranges<A> given, int from, int to) {
    A g = given.array(0);
    A factor = given.array(1);
    A dx = given.array(2);
    int n = given.n(0);
    int channels = given.n(1);
    boolean mixed = given.flag();
    for (int r = from; r < to; r++) {
      int at = mixed ? 0 : r % channels;
      given.kernels().zip(Binary.MUL, g, r * n, 1, factor, at, mixed ? 1 : 0, dx, r * n, n);
    }
  }
}
