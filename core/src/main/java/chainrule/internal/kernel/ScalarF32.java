package chainrule.internal.kernel;

import chainrule.math.Binary;
import chainrule.math.Unary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The specification of every kernel over {@code float[]}, in plain Java loops. */
public class ScalarF32 implements Kernels<float[]> {
  /** Room of each thread, so that calls allocate nothing. */
  private static final ThreadLocal<float[]> LANES = ThreadLocal.withInitial(() -> new float[64]);

  private static final ThreadLocal<float[]> COLUMNS = ThreadLocal.withInitial(() -> new float[512]);

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public boolean single() {
    return true;
  }

  @Override
  public boolean oneIndex() {
    return true;
  }

  @Override
  public LoopTarget loopTarget() {
    return LoopTarget.PLAIN;
  }

  @Override
  public RowKernels<float[]> rows() {
    return ScalarRowsF32.INSTANCE;
  }

  @Override
  public WindowKernels<float[]> windows() {
    return ScalarWindowsF32.INSTANCE;
  }

  @Override
  public AttentionKernels<float[]> attention() {
    return ScalarAttentionF32.INSTANCE;
  }

  @Override
  public NormKernels<float[]> norms() {
    return ScalarNormsF32.INSTANCE;
  }

  @Override
  public ChannelKernels<float[]> channels() {
    return ScalarChannelsF32.INSTANCE;
  }

  @Override
  public void map(Unary f, float[] from, int xo, float[] y, int yo, int n) {
    float[] x = from;
    if (xo
        != yo) { // one index for both arrays, so that the JIT can prove that loops may run in SIMD
      System.arraycopy(from, xo, y, yo, n);
      x = y;
    }
    int to = yo + n;
    switch (f) {
      case NEG -> {
        for (int i = yo; i < to; i++) {
          y[i] = -x[i];
        }
      }
      case ABS -> {
        for (int i = yo; i < to; i++) {
          y[i] = Math.abs(x[i]);
        }
      }
      case SQUARE -> {
        for (int i = yo; i < to; i++) {
          y[i] = x[i] * x[i];
        }
      }
      case RECIPROCAL -> {
        for (int i = yo; i < to; i++) {
          y[i] = 1 / x[i];
        }
      }
      case SQRT -> {
        for (int i = yo; i < to; i++) {
          y[i] = (float) Math.sqrt(x[i]);
        }
      }
      case RELU -> {
        for (int i = yo; i < to; i++) {
          y[i] = Math.max(x[i], 0);
        }
      }
      case EXP -> {
        for (int i = yo; i < to; i++) {
          y[i] = FloatMath.exp(x[i]);
        }
      }
      case LOG -> {
        for (int i = yo; i < to; i++) {
          y[i] = FloatMath.log(x[i]);
        }
      }
      case TANH -> {
        for (int i = yo; i < to; i++) {
          y[i] = FloatMath.tanh(x[i]);
        }
      }
      case SIGMOID -> {
        for (int i = yo; i < to; i++) {
          y[i] = FloatMath.sigmoid(x[i]);
        }
      }
      case ERF -> {
        for (int i = yo; i < to; i++) {
          y[i] = FloatMath.erf(x[i]);
        }
      }
      case SIN -> {
        for (int i = yo; i < to; i++) {
          y[i] = FloatMath.sin(x[i]);
        }
      }
      case COS -> {
        for (int i = yo; i < to; i++) {
          y[i] = FloatMath.cos(x[i]);
        }
      }
      default -> {
        for (int i = yo; i < to; i++) {
          y[i] = (float) f.value(x[i]);
        }
      }
    }
  }

  @Override
  public void zip(
      Binary f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    switch (f) {
      case ADD -> add(a, ao, as, b, bo, bs, y, yo, n);
      case SUB -> sub(a, ao, as, b, bo, bs, y, yo, n);
      case MUL -> mul(a, ao, as, b, bo, bs, y, yo, n);
      case DIV -> div(a, ao, as, b, bo, bs, y, yo, n);
      case MAX -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = Math.max(a[ao + i * as], b[bo + i * bs]);
        }
      }
      case MIN -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = Math.min(a[ao + i * as], b[bo + i * bs]);
        }
      }
      case GT -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = a[ao + i * as] > b[bo + i * bs] ? 1 : 0;
        }
      }
      case LT -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = a[ao + i * as] < b[bo + i * bs] ? 1 : 0;
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = (float) f.value(a[ao + i * as], b[bo + i * bs]);
        }
      }
    }
  }

  // Where all arrays run from one index, the JIT can prove that the loop may run in SIMD.

  private static void add(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1 && ao == yo && bo == yo) {
      for (int i = yo; i < yo + n; i++) {
        y[i] = a[i] + b[i];
      }
    } else if (as == 1 && bs == 0 && ao == yo) {
      float c = b[bo];
      for (int i = yo; i < yo + n; i++) {
        y[i] = a[i] + c;
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i * as] + b[bo + i * bs];
      }
    }
  }

  private static void sub(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1 && ao == yo && bo == yo) {
      for (int i = yo; i < yo + n; i++) {
        y[i] = a[i] - b[i];
      }
    } else if (as == 1 && bs == 0 && ao == yo) {
      float c = b[bo];
      for (int i = yo; i < yo + n; i++) {
        y[i] = a[i] - c;
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i * as] - b[bo + i * bs];
      }
    }
  }

  private static void mul(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1 && ao == yo && bo == yo) {
      for (int i = yo; i < yo + n; i++) {
        y[i] = a[i] * b[i];
      }
    } else if (as == 1 && bs == 0 && ao == yo) {
      float c = b[bo];
      for (int i = yo; i < yo + n; i++) {
        y[i] = a[i] * c;
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i * as] * b[bo + i * bs];
      }
    }
  }

  private static void div(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1 && ao == yo && bo == yo) {
      for (int i = yo; i < yo + n; i++) {
        y[i] = a[i] / b[i];
      }
    } else if (as == 1 && bs == 0 && ao == yo) {
      float c = b[bo];
      for (int i = yo; i < yo + n; i++) {
        y[i] = a[i] / c;
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i * as] / b[bo + i * bs];
      }
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
    for (int i = 0; i < n; i++) {
      y[yo + i] = c[co + i * cs] != 0 ? a[ao + i * as] : b[bo + i * bs];
    }
  }

  @Override
  public void transpose(float[] x, int xo, int xRow, float[] y, int yo, int yRow, int m, int n) {
    Tiles.transpose(x, xo, xRow, y, yo, yRow, m, n);
  }

  @Override
  public void flush(float[] y, int yo, int n) {
    for (int i = yo; i < yo + n; i++) {
      if (y[i] != 0 && Math.abs(y[i]) < Float.MIN_NORMAL) {
        y[i] = 0;
      }
    }
  }

  @Override
  public void sumInner(float[] x, float[] y, int from, int to, int n) {
    float[] lanes = LANES.get();
    for (int r = from; r < to; r++) {
      y[r] = ScalarRowsF32.sum(x, r * n, n, lanes);
    }
  }

  /** The sum of {@code x[at] … x[at + n − 1]} in 64 lanes. */
  static float sum(float[] x, int at, int n) {
    return ScalarRowsF32.sum(x, at, n, LANES.get());
  }

  @Override
  public void sumOuter(float[] x, int xo, float[] y, int yo, int n, int inner, int from, int to) {
    if (n == 0) {
      Arrays.fill(y, yo + from, yo + to, 0);
      return;
    }
    float[] chunk = COLUMNS.get();
    for (int j = from; j < to; j += chunk.length) {
      sumColumns(x, xo + j, y, yo + j, n, inner, Split.end(j, chunk.length, to) - j, chunk);
    }
  }

  private static void sumColumns(
      float[] x, int xo, float[] y, int yo, int n, int inner, int width, float[] chunk) {
    for (int start = 0; start < n; start += 256) {
      int end = Split.end(start, 256, n);
      System.arraycopy(x, xo + start * inner, chunk, 0, width);
      for (int i = start + 1; i < end; i++) {
        int at = xo + i * inner;
        for (int j = 0; j < width; j++) {
          chunk[j] += x[at + j];
        }
      }
      if (start == 0) {
        System.arraycopy(chunk, 0, y, yo, width);
      } else {
        for (int j = 0; j < width; j++) {
          y[yo + j] += chunk[j];
        }
      }
    }
  }

  @Override
  public void cumsum(float[] x, float[] y, int outer, int n, int inner, boolean reverse) {
    for (int o = 0; o < outer; o++) {
      for (int j = 0; j < inner; j++) {
        float total = 0;
        for (int i = 0; i < n; i++) {
          int at = (o * n + (reverse ? n - 1 - i : i)) * inner + j;
          total = i == 0 ? x[at] : total + x[at];
          y[at] = total;
        }
      }
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
    LinearRun.run(this, a, ao, ta, b, bo, tb, bias, f, c, co, m, k, n);
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
    ScalarGemmF32.block(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc);
  }

  @Override
  public void argExtreme(float[] x, int[] y, int n, int inner, int from, int to, boolean smallest) {
    if (inner == 1) {
      for (int r = from; r < to; r++) {
        y[r] = argExtreme(x, r * n, n, smallest);
      }
      return;
    }
    float[] best = COLUMNS.get();
    int r = from;
    while (r < to) {
      int o = r / inner;
      int j = r % inner;
      int width = Math.min(Math.min(inner - j, to - r), best.length);
      argExtreme(x, o * n * inner + j, y, r, n, inner, width, smallest, best);
      r += width;
    }
  }

  private static int argExtreme(float[] x, int at, int n, boolean smallest) {
    int best = 0;
    float value = x[at];
    for (int i = 1; i < n; i++) {
      float v = x[at + i];
      boolean better = smallest ? v < value : v > value;
      if (better || (Float.isNaN(v) && !Float.isNaN(value))) {
        best = i;
        value = v;
      }
    }
    return best;
  }

  /** The extremes of neighbouring lines, read row by row as they lie in memory. */
  private static void argExtreme(
      float[] x,
      int xo,
      int[] y,
      int yo,
      int n,
      int inner,
      int width,
      boolean smallest,
      float[] best) {
    System.arraycopy(x, xo, best, 0, width);
    Arrays.fill(y, yo, yo + width, 0);
    for (int i = 1; i < n; i++) {
      int at = xo + i * inner;
      for (int j = 0; j < width; j++) {
        float v = x[at + j];
        float value = best[j];
        boolean better = smallest ? v < value : v > value;
        if (better || (Float.isNaN(v) && !Float.isNaN(value))) {
          best[j] = v;
          y[yo + j] = i;
        }
      }
    }
  }

  @Override
  public void argSort(float[] x, int[] y, int outer, int n, int inner, boolean descending) {
    IndexSort.lines(x, y, outer, n, inner, descending);
  }

  @Override
  public void scatterAdd(
      float[] src, int[] index, float[] y, int n, int inner, int size, int from, int to) {
    int r = from;
    while (r < to) {
      int o = r / inner;
      int j = r % inner;
      int width = Math.min(inner - j, to - r);
      int target = o * size * inner + j;
      if (width == 1) {
        for (int i = 0; i < n; i++) {
          int at = (o * n + i) * inner + j;
          y[target + index[at] * inner] += src[at];
        }
        r++;
        continue;
      }
      for (int i = 0; i < n; i++) {
        int at = (o * n + i) * inner + j;
        for (int k = 0; k < width; k++) {
          y[target + index[at + k] * inner + k] += src[at + k];
        }
      }
      r += width;
    }
  }

  @Override
  public void indexAdd(
      float[] src, int[] index, float[] y, int n, int inner, int size, int from, int to) {
    int r = from;
    while (r < to) {
      int o = r / inner;
      int j = r % inner;
      int width = Math.min(inner - j, to - r);
      for (int i = 0; i < n; i++) {
        addTo(y, (o * size + index[i]) * inner + j, src, (o * n + i) * inner + j, width);
      }
      r += width;
    }
  }

  /** {@code y[yo + j] += x[xo + j]} for j in 0 … n−1. */
  protected void addTo(float[] y, int yo, float[] x, int xo, int n) {
    for (int j = 0; j < n; j++) {
      y[yo + j] += x[xo + j];
    }
  }
}
