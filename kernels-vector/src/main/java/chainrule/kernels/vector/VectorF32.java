package chainrule.kernels.vector;

import chainrule.internal.kernel.ChannelKernels;
import chainrule.internal.kernel.NormKernels;
import chainrule.internal.kernel.RowKernels;
import chainrule.internal.kernel.ScalarF32;
import chainrule.internal.kernel.WindowKernels;
import chainrule.math.Binary;
import chainrule.math.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The kernels over {@code float[]} on whole vectors; what is not here stays with the scalar loops.
 */
final class VectorF32 extends ScalarF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  /** The bits of a vector here. */
  static int width() {
    return S.vectorBitSize();
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public WindowKernels<float[]> windows() {
    return WindowsF32.INSTANCE;
  }

  @Override
  public RowKernels<float[]> rows() {
    return RowsF32.INSTANCE;
  }

  @Override
  public NormKernels<float[]> norms() {
    return NormsF32.INSTANCE;
  }

  @Override
  public ChannelKernels<float[]> channels() {
    return ChannelsF32.INSTANCE;
  }

  @Override
  public boolean oneIndex() {
    return false;
  }

  @Override
  public void map(Unary f, float[] x, int xo, float[] y, int yo, int n) {
    switch (f) {
      case NEG -> LoopsF32.neg(x, xo, y, yo, n);
      case ABS -> LoopsF32.abs(x, xo, y, yo, n);
      case SQUARE -> LoopsF32.square(x, xo, y, yo, n);
      case RECIPROCAL -> LoopsF32.reciprocal(x, xo, y, yo, n);
      case SQRT -> LoopsF32.sqrt(x, xo, y, yo, n);
      case RELU -> LoopsF32.relu(x, xo, y, yo, n);
      case EXP -> ElementaryF32.exp(x, xo, y, yo, n);
      case LOG -> ElementaryF32.log(x, xo, y, yo, n);
      case TANH -> ElementaryF32.tanh(x, xo, y, yo, n);
      case SIGMOID -> ElementaryF32.sigmoid(x, xo, y, yo, n);
      case ERF -> ElementaryF32.erf(x, xo, y, yo, n);
      case SIN -> ElementaryF32.sin(x, xo, y, yo, n);
      case COS -> ElementaryF32.cos(x, xo, y, yo, n);
      default -> super.map(f, x, xo, y, yo, n);
    }
  }

  @Override
  public void zip(
      Binary f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    boolean smooth = n >= L && (as == 1 || as == 0) && (bs == 1 || bs == 0) && as + bs > 0;
    if (!smooth) {
      super.zip(f, a, ao, as, b, bo, bs, y, yo, n);
      return;
    }
    switch (f) {
      case ADD -> LoopsF32.add(a, ao, as, b, bo, bs, y, yo, n);
      case SUB -> LoopsF32.sub(a, ao, as, b, bo, bs, y, yo, n);
      case MUL -> LoopsF32.mul(a, ao, as, b, bo, bs, y, yo, n);
      case DIV -> LoopsF32.div(a, ao, as, b, bo, bs, y, yo, n);
      case MAX -> LoopsF32.max(a, ao, as, b, bo, bs, y, yo, n);
      case MIN -> LoopsF32.min(a, ao, as, b, bo, bs, y, yo, n);
      case GT -> LoopsF32.gt(a, ao, as, b, bo, bs, y, yo, n);
      case GE -> LoopsF32.ge(a, ao, as, b, bo, bs, y, yo, n);
      case LT -> LoopsF32.lt(a, ao, as, b, bo, bs, y, yo, n);
      case LE -> LoopsF32.le(a, ao, as, b, bo, bs, y, yo, n);
      case EQ -> LoopsF32.eq(a, ao, as, b, bo, bs, y, yo, n);
      case NE -> LoopsF32.ne(a, ao, as, b, bo, bs, y, yo, n);
      case POW, ATAN2 -> super.zip(f, a, ao, as, b, bo, bs, y, yo, n);
    }
  }

  @Override
  public void select(
      float[] c,
      int co,
      int cs,
      float[] a,
      int ao,
      int as,
      float[] b,
      int bo,
      int bs,
      float[] y,
      int yo,
      int n) {
    int end = cs == 1 && as <= 1 && bs <= 1 && as >= 0 && bs >= 0 ? S.loopBound(n) : 0;
    if (end > 0) {
      FloatVector oneA = FloatVector.broadcast(S, a[ao]);
      FloatVector oneB = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        VectorMask<Float> taken =
            FloatVector.fromArray(S, c, co + i).compare(VectorOperators.NE, 0);
        FloatVector u = as == 1 ? FloatVector.fromArray(S, a, ao + i) : oneA;
        FloatVector v = bs == 1 ? FloatVector.fromArray(S, b, bo + i) : oneB;
        v.blend(u, taken).intoArray(y, yo + i);
      }
    }
    super.select(
        c, co + end * cs, cs, a, ao + end * as, as, b, bo + end * bs, bs, y, yo + end, n - end);
  }

  @Override
  public void flush(float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, y, yo + i);
      VectorMask<Float> small = v.abs().compare(VectorOperators.LT, Float.MIN_NORMAL);
      v.blend(0, small.and(v.compare(VectorOperators.NE, 0))).intoArray(y, yo + i);
    }
    super.flush(y, yo + end, n - end);
  }

  @Override
  public void sumInner(float[] x, float[] y, int from, int to, int n) {
    if (n < 64 || (L != 16 && L != 8)) {
      super.sumInner(x, y, from, to, n);
      return;
    }
    float[] lanes = new float[64];
    for (int r = from; r < to; r++) {
      y[r] = L == 16 ? sum16(x, r * n, n, lanes) : sum8(x, r * n, n, lanes);
    }
  }

  /** Adds the upper half of the lanes to the lower, until one is left. */
  private static float fold(float[] lanes, int first) {
    for (int half = first; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return lanes[0];
  }

  /** The sum of {@code n ≥ 64} elements, the lanes in 4 vectors of 16. */
  private static float sum16(float[] x, int at, int n, float[] lanes) {
    FloatVector s0 = FloatVector.fromArray(S, x, at);
    FloatVector s1 = FloatVector.fromArray(S, x, at + 16);
    FloatVector s2 = FloatVector.fromArray(S, x, at + 32);
    FloatVector s3 = FloatVector.fromArray(S, x, at + 48);
    int end = at + n / 64 * 64;
    for (int i = at + 64; i < end; i += 64) {
      s0 = s0.add(FloatVector.fromArray(S, x, i));
      s1 = s1.add(FloatVector.fromArray(S, x, i + 16));
      s2 = s2.add(FloatVector.fromArray(S, x, i + 32));
      s3 = s3.add(FloatVector.fromArray(S, x, i + 48));
    }
    if (end < at + n) {
      s0.intoArray(lanes, 0);
      s1.intoArray(lanes, 16);
      s2.intoArray(lanes, 32);
      s3.intoArray(lanes, 48);
      for (int j = 0; end + j < at + n; j++) {
        lanes[j] += x[end + j];
      }
      return fold(lanes, 32);
    }
    s0 = s0.add(s2);
    s1 = s1.add(s3);
    s0 = s0.add(s1);
    s0.intoArray(lanes, 0);
    return fold(lanes, 8);
  }

  /** The sum of {@code n ≥ 64} elements, the lanes in 8 vectors of 8. */
  private static float sum8(float[] x, int at, int n, float[] lanes) {
    FloatVector s0 = FloatVector.fromArray(S, x, at);
    FloatVector s1 = FloatVector.fromArray(S, x, at + 8);
    FloatVector s2 = FloatVector.fromArray(S, x, at + 16);
    FloatVector s3 = FloatVector.fromArray(S, x, at + 24);
    FloatVector s4 = FloatVector.fromArray(S, x, at + 32);
    FloatVector s5 = FloatVector.fromArray(S, x, at + 40);
    FloatVector s6 = FloatVector.fromArray(S, x, at + 48);
    FloatVector s7 = FloatVector.fromArray(S, x, at + 56);
    int end = at + n / 64 * 64;
    for (int i = at + 64; i < end; i += 64) {
      s0 = s0.add(FloatVector.fromArray(S, x, i));
      s1 = s1.add(FloatVector.fromArray(S, x, i + 8));
      s2 = s2.add(FloatVector.fromArray(S, x, i + 16));
      s3 = s3.add(FloatVector.fromArray(S, x, i + 24));
      s4 = s4.add(FloatVector.fromArray(S, x, i + 32));
      s5 = s5.add(FloatVector.fromArray(S, x, i + 40));
      s6 = s6.add(FloatVector.fromArray(S, x, i + 48));
      s7 = s7.add(FloatVector.fromArray(S, x, i + 56));
    }
    if (end < at + n) {
      s0.intoArray(lanes, 0);
      s1.intoArray(lanes, 8);
      s2.intoArray(lanes, 16);
      s3.intoArray(lanes, 24);
      s4.intoArray(lanes, 32);
      s5.intoArray(lanes, 40);
      s6.intoArray(lanes, 48);
      s7.intoArray(lanes, 56);
      for (int j = 0; end + j < at + n; j++) {
        lanes[j] += x[end + j];
      }
      return fold(lanes, 32);
    }
    s0 = s0.add(s4);
    s1 = s1.add(s5);
    s2 = s2.add(s6);
    s3 = s3.add(s7);
    s0 = s0.add(s2);
    s1 = s1.add(s3);
    s0 = s0.add(s1);
    s0.intoArray(lanes, 0);
    return fold(lanes, 4);
  }

  @Override
  public void sumOuter(float[] x, int xo, float[] y, int yo, int n, int inner, int from, int to) {
    int end = n == 0 ? from : from + S.loopBound(to - from);
    for (int j = from; j < end; j += L) {
      FloatVector total = FloatVector.zero(S);
      for (int start = 0; start < n; start += 256) {
        int last = xo + (Math.min(n, start + 256) - 1) * inner + j;
        int at = xo + start * inner + j;
        FloatVector chunk = FloatVector.fromArray(S, x, at);
        for (at += inner; at <= last; at += inner) {
          chunk = chunk.add(FloatVector.fromArray(S, x, at));
        }
        total = start == 0 ? chunk : total.add(chunk);
      }
      total.intoArray(y, yo + j);
    }
    super.sumOuter(x, xo, y, yo, n, inner, end, to);
  }

  @Override
  public void linear(
      float[] a,
      int ao,
      boolean ta,
      float[] b,
      int bo,
      boolean tb,
      float @Nullable [] bias,
      @Nullable Unary f,
      float[] c,
      int co,
      int m,
      int k,
      int n) {
    GemmF32.product(this, a, ao, ta, b, bo, tb, c, co, m, k, n, bias, f);
  }

  @Override
  public void gemm(
      boolean more,
      int m,
      int k,
      int n,
      float[] a,
      int ao,
      int lda,
      boolean ta,
      float[] b,
      int bo,
      int ldb,
      boolean tb,
      float[] c,
      int co,
      int ldc) {
    GemmF32.block(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc);
  }
}
