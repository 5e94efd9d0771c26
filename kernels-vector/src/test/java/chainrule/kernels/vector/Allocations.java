package chainrule.kernels.vector;

import chainrule.internal.kernel.AttentionPlan;
import chainrule.internal.kernel.AttentionPlan.Layout;
import chainrule.internal.kernel.AttentionRun;
import chainrule.internal.kernel.ChannelSplit;
import chainrule.internal.kernel.Copies;
import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Kernels;
import chainrule.internal.kernel.NormSplit;
import chainrule.internal.kernel.Products;
import chainrule.internal.kernel.RowSplit;
import chainrule.internal.kernel.ScalarF32;
import chainrule.internal.kernel.ScalarF64;
import chainrule.internal.kernel.Split;
import chainrule.internal.kernel.Windows;
import chainrule.math.Binary;
import chainrule.math.Unary;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Calls of every family of kernels, each again and again until one allocates nothing: before the
 * JIT is done with it, a loop on vectors makes objects of them.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class Allocations<A> {
  private static final ThreadMXBean BEAN = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final double EPS = 1e-5;

  private final String kind;
  private final Kernels<A> kernels;
  private final IntFunction<A> zeros;
  private final List<String> failures = new ArrayList<>();

  private Allocations(String kind, Kernels<A> kernels, IntFunction<A> zeros) {
    this.kind = kind;
    this.kernels = kernels;
    this.zeros = zeros;
  }

  /** Prints the calls that never ended without allocating; exit code 1 if there is one. */
  public static void main(String[] args) {
    List<Allocations<?>> all =
        List.of(
            new Allocations<>("vector f32", new VectorF32(), float[]::new),
            new Allocations<>("vector f64", new VectorF64(), double[]::new),
            new Allocations<>("scalar f32", new ScalarF32(), float[]::new),
            new Allocations<>("scalar f64", new ScalarF64(), double[]::new));
    boolean none = true;
    for (Allocations<?> one : all) {
      one.run();
      one.failures.forEach(System.out::println);
      none &= one.failures.isEmpty();
    }
    System.exit(none ? 0 : 1);
  }

  private void none(String name, Runnable call) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    long least = Long.MAX_VALUE;
    while (least > 0 && System.nanoTime() < until) {
      long before = BEAN.getCurrentThreadAllocatedBytes();
      call.run();
      least = Math.min(least, BEAN.getCurrentThreadAllocatedBytes() - before);
    }
    if (least > 0) {
      failures.add(kind + " " + name + ": " + least + " bytes");
    }
  }

  private void run() {
    for (int[] size : new int[][] {{5, 3}, {64, 10}, {30, 70}, {400, 65}, {1000, 128}}) {
      elements(size[0], size[1]);
      rows(size[0], size[1]);
      channels(size[0], size[1], 1);
      lines(size[0], size[1]);
    }
    channels(8, 6, 49);
    channels(40, 30, 100);
    windows(new Geometry(28, 28, 3, 3, 1, 1, 0, 0, 1, 1), 4, 8);
    windows(new Geometry(15, 17, 3, 2, 2, 2, 1, 1, 1, 1), 6, 3);
    windows(new Geometry(24, 24, 2, 2, 2, 2, 0, 0, 1, 1), 16, 16);
    attention(6, 20, 8, false);
    attention(64, 64, 32, true);
    products(8, 12, 9);
    products(64, 64, 32);
  }

  private void elements(int rows, int n) {
    A x = zeros.apply(rows * n);
    A y = zeros.apply(rows * n);
    int[] dims = {rows, n};
    int[] whole = {n, 1};
    int[] row = {0, 1};
    int[] column = {1, 0};
    String size = " " + rows + "×" + n;
    for (Unary f : List.of(Unary.RELU, Unary.SQRT, Unary.EXP, Unary.TANH, Unary.ERF)) {
      none(f + size, () -> Split.map(kernels, f, x, y, rows * n));
    }
    for (Binary f : List.of(Binary.ADD, Binary.DIV, Binary.MAX, Binary.GT)) {
      none(f + size, () -> Split.zip(kernels, f, x, 1, x, 1, y, rows * n));
      none(f + " row" + size, () -> Split.zip(kernels, f, x, whole, x, row, y, dims));
      none(f + " column" + size, () -> Split.zip(kernels, f, x, whole, x, column, y, dims));
    }
    none("select" + size, () -> Split.select(kernels, x, whole, x, row, x, column, y, dims));
    none("flush" + size, () -> kernels.flush(y, 0, rows * n));
    none("copy" + size, () -> Copies.strided(x, 0, column, y, 0, whole, dims));
    int[] turned = {n, rows};
    int[] down = {rows, 1};
    int[] acrossDown = {1, n};
    none("transpose" + size, () -> Copies.strided(x, 0, acrossDown, y, 0, down, turned));
    none("cast" + size, () -> Copies.cast(x, y, rows * n));
  }

  private void rows(int rows, int n) {
    A x = zeros.apply(rows * n);
    A y = zeros.apply(rows * n);
    A w = zeros.apply(n);
    A b = zeros.apply(n);
    A dw = zeros.apply(n);
    A db = zeros.apply(n);
    A one = zeros.apply(1);
    var labels = new int[rows];
    String size = " " + rows + "×" + n;
    none("softmax" + size, () -> RowSplit.softmax(kernels, x, y, rows, n));
    none("softmax back" + size, () -> RowSplit.softmaxBackward(kernels, x, x, y, rows, n));
    none("logSoftmax" + size, () -> RowSplit.logSoftmax(kernels, x, y, rows, n));
    none("logSoftmax back" + size, () -> RowSplit.logSoftmaxBackward(kernels, x, x, y, rows, n));
    none("crossEntropy" + size, () -> RowSplit.crossEntropy(kernels, x, labels, one, rows, n));
    none(
        "crossEntropy back" + size,
        () -> RowSplit.crossEntropyBackward(kernels, one, x, labels, y, rows, n));
    none("layerNorm" + size, () -> NormSplit.norm(kernels, x, w, b, y, true, EPS, rows, n));
    none("rmsNorm" + size, () -> NormSplit.norm(kernels, x, w, null, y, false, EPS, rows, n));
    none(
        "layerNorm back" + size,
        () -> NormSplit.normBackward(kernels, x, x, w, y, dw, db, true, EPS, rows, n));
    none(
        "rmsNorm back" + size,
        () -> NormSplit.normBackward(kernels, x, x, w, y, null, null, false, EPS, rows, n));
  }

  private void channels(int batch, int channels, int inner) {
    A x = zeros.apply(batch * channels * inner);
    A y = zeros.apply(batch * channels * inner);
    A moments = zeros.apply(2 * channels);
    A dmoments = zeros.apply(2 * channels);
    A w = zeros.apply(channels);
    A dw = zeros.apply(channels);
    A db = zeros.apply(channels);
    String size = " " + batch + "×" + channels + "×" + inner;
    none(
        "moments" + size, () -> ChannelSplit.moments(kernels, x, dmoments, batch, channels, inner));
    none(
        "moments back" + size,
        () ->
            ChannelSplit.momentsBackward(kernels, dmoments, x, moments, y, batch, channels, inner));
    none(
        "normalise" + size,
        () -> ChannelSplit.normalise(kernels, x, moments, w, w, y, EPS, batch, channels, inner));
    none(
        "normalise back" + size,
        () ->
            ChannelSplit.normaliseBackward(
                kernels, x, x, moments, w, y, dmoments, dw, db, EPS, batch, channels, inner));
  }

  private void lines(int rows, int n) {
    A x = zeros.apply(rows * n);
    A y = zeros.apply(rows * n);
    var found = new int[rows * n];
    var at = new int[rows * n];
    var first = new int[rows];
    String size = " " + rows + "×" + n;
    none("sum rows" + size, () -> Split.sum(kernels, x, y, rows, n, 1));
    none("sum columns" + size, () -> Split.sum(kernels, x, y, 1, rows, n));
    none("cumsum" + size, () -> kernels.cumsum(x, y, rows, n, 1, false));
    none("argmax" + size, () -> Split.argExtreme(kernels, x, found, rows, n, 1, false));
    none("argmin columns" + size, () -> Split.argExtreme(kernels, x, found, 1, rows, n, true));
    none("argsort" + size, () -> kernels.argSort(x, found, rows, n, 1, false));
    none("gather" + size, () -> Copies.gather(x, at, y, rows, n, n, 1));
    none("scatterAdd" + size, () -> Split.scatterAdd(kernels, x, at, y, rows, n, 1, n));
    none("embedding" + size, () -> Copies.indexSelect(x, first, y, 1, rows, n));
    none("indexAdd" + size, () -> Split.indexAdd(kernels, x, first, y, 1, rows, n, rows));
  }

  private void windows(Geometry g, int channels, int out) {
    int batch = 3;
    int planes = batch * channels;
    A x = zeros.apply(planes * g.plane());
    A dx = zeros.apply(planes * g.plane());
    A y = zeros.apply(planes * g.positions());
    A z = zeros.apply(batch * out * g.positions());
    A w = zeros.apply(out * channels * g.window());
    A bias = zeros.apply(out);
    A columns = zeros.apply(planes * g.window() * g.positions());
    String size = " " + g;
    none("conv" + size, () -> kernels.windows().conv(x, w, bias, z, batch, channels, out, 1, g));
    none("conv dx" + size, () -> kernels.windows().convInput(z, w, dx, batch, channels, out, 1, g));
    none("conv dw" + size, () -> kernels.windows().convWeight(z, x, w, batch, channels, out, 1, g));
    none("maxPool" + size, () -> Windows.maxPool(kernels, x, y, planes, g));
    none("maxPool back" + size, () -> Windows.maxPoolBackward(kernels, y, x, dx, planes, g));
    none("avgPool" + size, () -> Windows.avgPool(kernels, x, y, planes, false, g));
    none("avgPool back" + size, () -> Windows.avgPoolBackward(kernels, y, dx, planes, true, g));
    none("unfold" + size, () -> Windows.unfold(x, columns, planes, g));
    none("fold" + size, () -> Windows.fold(kernels, columns, dx, planes, g));
  }

  private void attention(int heads, int time, int d, boolean causal) {
    int n = heads * time * d;
    A q = zeros.apply(n);
    A y = zeros.apply(n);
    A dq = zeros.apply(n);
    A dk = zeros.apply(n);
    A dv = zeros.apply(n);
    int[] batch = {heads};
    Layout l = Layout.dense(batch, time, d);
    var plan = new AttentionPlan(batch, time, time, d, d, causal, 0.5, l, l, l, null, l);
    String size = " " + heads + "×" + time + "×" + d;
    none("attention" + size, () -> AttentionRun.forward(kernels, plan, q, q, q, null, y));
    none(
        "attention back" + size,
        () -> AttentionRun.backward(kernels, plan, q, q, q, null, y, dq, dk, dv));
  }

  private void products(int m, int k, int n) {
    int count = 10;
    A a = zeros.apply(count * m * k);
    A b = zeros.apply(k * n);
    A c = zeros.apply(count * m * n);
    int[] batch = {count};
    int[] each = {1};
    int[] same = {0};
    none(
        "products " + m + "×" + k + "×" + n,
        () -> Products.run(kernels, batch, a, each, false, b, same, false, c, m, k, n));
  }
}
