package chainrule.kernels.vector;

import chainrule.internal.kernel.LoopTarget;
import chainrule.internal.kernel.ScalarF64;
import chainrule.internal.kernel.WindowKernels;
import chainrule.math.Binary;
import chainrule.math.Unary;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The kernels over {@code double[]} on whole vectors; what is not here stays with the scalar loops.
 */
final class VectorF64 extends ScalarF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final LoopTarget LOOPS = new LoopTarget(MethodHandles.lookup(), S.vectorBitSize());

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public void settle() throws InterruptedException {
    GemmF64.GATE.await();
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
  public LoopTarget loopTarget() {
    return LOOPS;
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
      case SIGN -> LoopsF64.sign(x, xo, y, yo, n);
      case RSQRT -> LoopsF64.rsqrt(x, xo, y, yo, n);
      case FLOOR -> LoopsF64.floor(x, xo, y, yo, n);
      case CEIL -> LoopsF64.ceil(x, xo, y, yo, n);
      case ROUND -> LoopsF64.round(x, xo, y, yo, n);
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
    if (n >= L && cs == 1 && (as == 1 || as == 0) && (bs == 1 || bs == 0)) {
      LoopsF64.select(c, co, a, ao, as, b, bo, bs, y, yo, n);
    } else {
      super.select(c, co, cs, a, ao, as, b, bo, bs, y, yo, n);
    }
  }

  @Override
  public void sumInner(double[] x, double[] y, int from, int to, int n) {
    if (SumsF64.widthFits()) {
      SumsF64.inner(x, y, from, to, n);
    } else {
      super.sumInner(x, y, from, to, n);
    }
  }

  @Override
  public void sumOuter(double[] x, int xo, double[] y, int yo, int n, int inner, int from, int to) {
    if (n > 0) {
      SumsF64.outer(x, xo, y, yo, n, inner, from, to);
    } else {
      super.sumOuter(x, xo, y, yo, n, inner, from, to);
    }
  }

  @Override
  public void argExtreme(
      double[] x, int[] y, int n, int inner, int from, int to, boolean smallest) {
    if (inner == 1 && n >= L) {
      for (int r = from; r < to; r++) {
        y[r] = SearchF64.row(x, r * n, n, smallest);
      }
    } else if (inner >= L) {
      int r = from;
      while (r < to) {
        int j = r % inner;
        int width = Math.min(inner - j, to - r);
        SearchF64.columns(x, r / inner * n * inner + j, y, r, n, inner, width, smallest);
        r += width;
      }
    } else {
      super.argExtreme(x, y, n, inner, from, to, smallest);
    }
  }

  @Override
  protected void addTo(double[] y, int yo, double[] x, int xo, int n) {
    if (n >= L) {
      LoopsF64.add(y, yo, 1, x, xo, 1, y, yo, n);
    } else {
      super.addTo(y, yo, x, xo, n);
    }
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
    if (GemmF64.GATE.open((long) m * k * n)) {
      GemmF64.product(this, a, ao, ta, b, bo, tb, c, co, m, k, n, bias, f);
    } else {
      super.linear(a, ao, ta, b, bo, tb, bias, f, c, co, m, k, n);
    }
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
    if (GemmF64.GATE.open((long) m * k * n)) {
      GemmF64.block(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc);
    } else {
      super.gemm(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc);
    }
  }
}
