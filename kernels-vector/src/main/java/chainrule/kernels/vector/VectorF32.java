package chainrule.kernels.vector;

import chainrule.internal.kernel.AttentionKernels;
import chainrule.internal.kernel.ChannelKernels;
import chainrule.internal.kernel.LoopTarget;
import chainrule.internal.kernel.NormKernels;
import chainrule.internal.kernel.RowKernels;
import chainrule.internal.kernel.ScalarF32;
import chainrule.internal.kernel.WindowKernels;
import chainrule.math.Binary;
import chainrule.math.Unary;
import java.lang.invoke.MethodHandles;
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
  private static final LoopTarget LOOPS = new LoopTarget(MethodHandles.lookup(), S.vectorBitSize());

  /** The bits of a vector here. */
  static int width() {
    return S.vectorBitSize();
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public void settle() throws InterruptedException {
    GemmF32.GATE.await();
  }

  @Override
  public WindowKernels<float[]> windows() {
    return WindowsF32.INSTANCE;
  }

  @Override
  public AttentionKernels<float[]> attention() {
    return AttentionF32.INSTANCE;
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
  public LoopTarget loopTarget() {
    return LOOPS;
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
      case SIGN -> LoopsF32.sign(x, xo, y, yo, n);
      case RSQRT -> LoopsF32.rsqrt(x, xo, y, yo, n);
      case FLOOR -> LoopsF32.floor(x, xo, y, yo, n);
      case CEIL -> LoopsF32.ceil(x, xo, y, yo, n);
      case ROUND -> LoopsF32.round(x, xo, y, yo, n);
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
    if (n >= L && cs == 1 && (as == 1 || as == 0) && (bs == 1 || bs == 0)) {
      LoopsF32.select(c, co, a, ao, as, b, bo, bs, y, yo, n);
    } else {
      super.select(c, co, cs, a, ao, as, b, bo, bs, y, yo, n);
    }
  }

  @Override
  public void transpose(float[] x, int xo, int xRow, float[] y, int yo, int yRow, int m, int n) {
    boolean squares = PanelsF32.TURNS && GemmF32.LATER.open();
    int high = squares ? m - m % 16 : 0;
    int wide = squares ? n - n % 16 : 0;
    // Two squares side by side fill pairs of cache lines of y before the next are begun.
    for (int j = 0; j < wide; j += 32) {
      int end = Math.min(wide, j + 32);
      for (int i = 0; i < high; i += 16) {
        for (int k = j; k < end; k += 16) {
          PanelsF32.transpose(x, xo + k * xRow + i, xRow, 16, y, yo + i * yRow + k, yRow);
        }
      }
    }
    if (wide < n) {
      super.transpose(x, xo + wide * xRow, xRow, y, yo + wide, yRow, high, n - wide);
    }
    if (high < m) {
      super.transpose(x, xo + high, xRow, y, yo + high * yRow, yRow, m - high, n);
    }
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
    if (SumsF32.widthFits()) {
      SumsF32.inner(x, y, from, to, n);
    } else {
      super.sumInner(x, y, from, to, n);
    }
  }

  @Override
  public void sumOuter(float[] x, int xo, float[] y, int yo, int n, int inner, int from, int to) {
    if (n > 0) {
      SumsF32.outer(x, xo, y, yo, n, inner, from, to);
    } else {
      super.sumOuter(x, xo, y, yo, n, inner, from, to);
    }
  }

  @Override
  public void argExtreme(float[] x, int[] y, int n, int inner, int from, int to, boolean smallest) {
    if (inner == 1 && n >= L) {
      for (int r = from; r < to; r++) {
        y[r] = SearchF32.row(x, r * n, n, smallest);
      }
    } else if (inner >= L && n <= SearchF32.EXACT) {
      int r = from;
      while (r < to) {
        int j = r % inner;
        int width = Math.min(inner - j, to - r);
        SearchF32.columns(x, r / inner * n * inner + j, y, r, n, inner, width, smallest);
        r += width;
      }
    } else {
      super.argExtreme(x, y, n, inner, from, to, smallest);
    }
  }

  @Override
  protected void addTo(float[] y, int yo, float[] x, int xo, int n) {
    if (n >= L) {
      LoopsF32.add(y, yo, 1, x, xo, 1, y, yo, n);
    } else {
      super.addTo(y, yo, x, xo, n);
    }
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
    if (GemmF32.GATE.open((long) m * k * n)) {
      GemmF32.product(this, a, ao, ta, b, bo, tb, c, co, m, k, n, bias, f);
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
    if (GemmF32.GATE.open((long) m * k * n)) {
      GemmF32.block(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc);
    } else {
      super.gemm(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc);
    }
  }
}
