package chainrule.kernels.vector;

import chainrule.internal.kernel.ScalarF64;
import chainrule.internal.kernel.WindowKernels;
import chainrule.math.Binary;
import chainrule.math.Unary;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The kernels over {@code double[]} on whole vectors; what is not here stays with the scalar loops.
 */
final class VectorF64 extends ScalarF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public WindowKernels<double[]> windows() {
    return WindowsF64.INSTANCE;
  }

  @Override
  public boolean oneIndex() {
    return false;
  }

  @Override
  public void map(Unary f, double[] x, int xo, double[] y, int yo, int n) {
    switch (f) {
      case NEG -> LoopsF64.neg(x, xo, y, yo, n);
      case ABS -> LoopsF64.abs(x, xo, y, yo, n);
      case SQUARE -> LoopsF64.square(x, xo, y, yo, n);
      case RECIPROCAL -> LoopsF64.reciprocal(x, xo, y, yo, n);
      case SQRT -> LoopsF64.sqrt(x, xo, y, yo, n);
      case RELU -> LoopsF64.relu(x, xo, y, yo, n);
      default -> super.map(f, x, xo, y, yo, n);
    }
  }

  @Override
  public void zip(
      Binary f, double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    boolean smooth = n >= L && (as == 1 || as == 0) && (bs == 1 || bs == 0) && as + bs > 0;
    if (!smooth) {
      super.zip(f, a, ao, as, b, bo, bs, y, yo, n);
      return;
    }
    switch (f) {
      case ADD -> LoopsF64.add(a, ao, as, b, bo, bs, y, yo, n);
      case SUB -> LoopsF64.sub(a, ao, as, b, bo, bs, y, yo, n);
      case MUL -> LoopsF64.mul(a, ao, as, b, bo, bs, y, yo, n);
      case DIV -> LoopsF64.div(a, ao, as, b, bo, bs, y, yo, n);
      case MAX -> LoopsF64.max(a, ao, as, b, bo, bs, y, yo, n);
      case MIN -> LoopsF64.min(a, ao, as, b, bo, bs, y, yo, n);
      case GT -> LoopsF64.gt(a, ao, as, b, bo, bs, y, yo, n);
      case GE -> LoopsF64.ge(a, ao, as, b, bo, bs, y, yo, n);
      case LT -> LoopsF64.lt(a, ao, as, b, bo, bs, y, yo, n);
      case LE -> LoopsF64.le(a, ao, as, b, bo, bs, y, yo, n);
      case EQ -> LoopsF64.eq(a, ao, as, b, bo, bs, y, yo, n);
      case NE -> LoopsF64.ne(a, ao, as, b, bo, bs, y, yo, n);
      case POW, ATAN2 -> super.zip(f, a, ao, as, b, bo, bs, y, yo, n);
    }
  }

  @Override
  public void select(
      double[] c,
      int co,
      int cs,
      double[] a,
      int ao,
      int as,
      double[] b,
      int bo,
      int bs,
      double[] y,
      int yo,
      int n) {
    int end = cs == 1 && as <= 1 && bs <= 1 && as >= 0 && bs >= 0 ? S.loopBound(n) : 0;
    if (end > 0) {
      DoubleVector oneA = DoubleVector.broadcast(S, a[ao]);
      DoubleVector oneB = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        VectorMask<Double> taken =
            DoubleVector.fromArray(S, c, co + i).compare(VectorOperators.NE, 0);
        DoubleVector u = as == 1 ? DoubleVector.fromArray(S, a, ao + i) : oneA;
        DoubleVector v = bs == 1 ? DoubleVector.fromArray(S, b, bo + i) : oneB;
        v.blend(u, taken).intoArray(y, yo + i);
      }
    }
    super.select(
        c, co + end * cs, cs, a, ao + end * as, as, b, bo + end * bs, bs, y, yo + end, n - end);
  }

  @Override
  public void sumInner(double[] x, double[] y, int from, int to, int n) {
    if (n < 64 || (L != 8 && L != 4)) {
      super.sumInner(x, y, from, to, n);
      return;
    }
    double[] lanes = new double[64];
    for (int r = from; r < to; r++) {
      y[r] = L == 8 ? sum8(x, r * n, n, lanes) : sum4(x, r * n, n, lanes);
    }
  }

  /** Adds the upper half of the lanes to the lower, until one is left. */
  private static double fold(double[] lanes, int first) {
    for (int half = first; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return lanes[0];
  }

  /** The sum of {@code n ≥ 64} elements, the lanes in 8 vectors of 8. */
  private static double sum8(double[] x, int at, int n, double[] lanes) {
    DoubleVector s0 = DoubleVector.fromArray(S, x, at);
    DoubleVector s1 = DoubleVector.fromArray(S, x, at + 8);
    DoubleVector s2 = DoubleVector.fromArray(S, x, at + 16);
    DoubleVector s3 = DoubleVector.fromArray(S, x, at + 24);
    DoubleVector s4 = DoubleVector.fromArray(S, x, at + 32);
    DoubleVector s5 = DoubleVector.fromArray(S, x, at + 40);
    DoubleVector s6 = DoubleVector.fromArray(S, x, at + 48);
    DoubleVector s7 = DoubleVector.fromArray(S, x, at + 56);
    int end = at + n / 64 * 64;
    for (int i = at + 64; i < end; i += 64) {
      s0 = s0.add(DoubleVector.fromArray(S, x, i));
      s1 = s1.add(DoubleVector.fromArray(S, x, i + 8));
      s2 = s2.add(DoubleVector.fromArray(S, x, i + 16));
      s3 = s3.add(DoubleVector.fromArray(S, x, i + 24));
      s4 = s4.add(DoubleVector.fromArray(S, x, i + 32));
      s5 = s5.add(DoubleVector.fromArray(S, x, i + 40));
      s6 = s6.add(DoubleVector.fromArray(S, x, i + 48));
      s7 = s7.add(DoubleVector.fromArray(S, x, i + 56));
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

  /** The sum of {@code n ≥ 64} elements, the lanes in 16 vectors of 4. */
  private static double sum4(double[] x, int at, int n, double[] lanes) {
    DoubleVector s0 = DoubleVector.fromArray(S, x, at);
    DoubleVector s1 = DoubleVector.fromArray(S, x, at + 4);
    DoubleVector s2 = DoubleVector.fromArray(S, x, at + 8);
    DoubleVector s3 = DoubleVector.fromArray(S, x, at + 12);
    DoubleVector s4 = DoubleVector.fromArray(S, x, at + 16);
    DoubleVector s5 = DoubleVector.fromArray(S, x, at + 20);
    DoubleVector s6 = DoubleVector.fromArray(S, x, at + 24);
    DoubleVector s7 = DoubleVector.fromArray(S, x, at + 28);
    DoubleVector s8 = DoubleVector.fromArray(S, x, at + 32);
    DoubleVector s9 = DoubleVector.fromArray(S, x, at + 36);
    DoubleVector s10 = DoubleVector.fromArray(S, x, at + 40);
    DoubleVector s11 = DoubleVector.fromArray(S, x, at + 44);
    DoubleVector s12 = DoubleVector.fromArray(S, x, at + 48);
    DoubleVector s13 = DoubleVector.fromArray(S, x, at + 52);
    DoubleVector s14 = DoubleVector.fromArray(S, x, at + 56);
    DoubleVector s15 = DoubleVector.fromArray(S, x, at + 60);
    int end = at + n / 64 * 64;
    for (int i = at + 64; i < end; i += 64) {
      s0 = s0.add(DoubleVector.fromArray(S, x, i));
      s1 = s1.add(DoubleVector.fromArray(S, x, i + 4));
      s2 = s2.add(DoubleVector.fromArray(S, x, i + 8));
      s3 = s3.add(DoubleVector.fromArray(S, x, i + 12));
      s4 = s4.add(DoubleVector.fromArray(S, x, i + 16));
      s5 = s5.add(DoubleVector.fromArray(S, x, i + 20));
      s6 = s6.add(DoubleVector.fromArray(S, x, i + 24));
      s7 = s7.add(DoubleVector.fromArray(S, x, i + 28));
      s8 = s8.add(DoubleVector.fromArray(S, x, i + 32));
      s9 = s9.add(DoubleVector.fromArray(S, x, i + 36));
      s10 = s10.add(DoubleVector.fromArray(S, x, i + 40));
      s11 = s11.add(DoubleVector.fromArray(S, x, i + 44));
      s12 = s12.add(DoubleVector.fromArray(S, x, i + 48));
      s13 = s13.add(DoubleVector.fromArray(S, x, i + 52));
      s14 = s14.add(DoubleVector.fromArray(S, x, i + 56));
      s15 = s15.add(DoubleVector.fromArray(S, x, i + 60));
    }
    if (end < at + n) {
      s0.intoArray(lanes, 0);
      s1.intoArray(lanes, 4);
      s2.intoArray(lanes, 8);
      s3.intoArray(lanes, 12);
      s4.intoArray(lanes, 16);
      s5.intoArray(lanes, 20);
      s6.intoArray(lanes, 24);
      s7.intoArray(lanes, 28);
      s8.intoArray(lanes, 32);
      s9.intoArray(lanes, 36);
      s10.intoArray(lanes, 40);
      s11.intoArray(lanes, 44);
      s12.intoArray(lanes, 48);
      s13.intoArray(lanes, 52);
      s14.intoArray(lanes, 56);
      s15.intoArray(lanes, 60);
      for (int j = 0; end + j < at + n; j++) {
        lanes[j] += x[end + j];
      }
      return fold(lanes, 32);
    }
    s0 = s0.add(s8);
    s1 = s1.add(s9);
    s2 = s2.add(s10);
    s3 = s3.add(s11);
    s4 = s4.add(s12);
    s5 = s5.add(s13);
    s6 = s6.add(s14);
    s7 = s7.add(s15);
    s0 = s0.add(s4);
    s1 = s1.add(s5);
    s2 = s2.add(s6);
    s3 = s3.add(s7);
    s0 = s0.add(s2);
    s1 = s1.add(s3);
    s0 = s0.add(s1);
    s0.intoArray(lanes, 0);
    return fold(lanes, 2);
  }

  @Override
  public void sumOuter(double[] x, int xo, double[] y, int yo, int n, int inner, int from, int to) {
    int end = n == 0 ? from : from + S.loopBound(to - from);
    for (int j = from; j < end; j += L) {
      DoubleVector total = DoubleVector.zero(S);
      for (int start = 0; start < n; start += 256) {
        int last = xo + (Math.min(n, start + 256) - 1) * inner + j;
        int at = xo + start * inner + j;
        DoubleVector chunk = DoubleVector.fromArray(S, x, at);
        for (at += inner; at <= last; at += inner) {
          chunk = chunk.add(DoubleVector.fromArray(S, x, at));
        }
        total = start == 0 ? chunk : total.add(chunk);
      }
      total.intoArray(y, yo + j);
    }
    super.sumOuter(x, xo, y, yo, n, inner, end, to);
  }

  @Override
  public void linear(
      double[] a,
      int ao,
      boolean ta,
      double[] b,
      int bo,
      boolean tb,
      double @Nullable [] bias,
      @Nullable Unary f,
      double[] c,
      int co,
      int m,
      int k,
      int n) {
    GemmF64.product(this, a, ao, ta, b, bo, tb, c, co, m, k, n, bias, f);
  }

  @Override
  public void gemm(
      boolean more,
      int m,
      int k,
      int n,
      double[] a,
      int ao,
      int lda,
      boolean ta,
      double[] b,
      int bo,
      int ldb,
      boolean tb,
      double[] c,
      int co,
      int ldc) {
    GemmF64.block(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc);
  }
}
