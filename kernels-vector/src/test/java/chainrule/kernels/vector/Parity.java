package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Kernels;
import chainrule.internal.kernel.ScalarF32;
import chainrule.internal.kernel.ScalarF64;
import chainrule.math.Binary;
import chainrule.math.Philox;
import chainrule.math.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs every kernel of a provider and of the specification on the same inputs and lists where their
 * bits differ.
 */
final class Parity<A> {
  private static final int CORNER = 17;

  /** Makes arrays of the kind under test. */
  private interface Maker<A> {
    A make(int n, Philox random, boolean corners);
  }

  private final String type;
  private final Kernels<A> expected;
  private final Kernels<A> actual;
  private final Maker<A> maker;
  private final Philox random = new Philox(11);
  private final List<String> differences = new ArrayList<>();

  private Parity(String type, Kernels<A> expected, Kernels<A> actual, Maker<A> maker) {
    this.type = type;
    this.expected = expected;
    this.actual = actual;
    this.maker = maker;
  }

  /** Every difference, one sentence each; empty if there is none. */
  static List<String> differences() throws InterruptedException {
    var f32 = new Parity<float[]>("f32", new ScalarF32(), new VectorF32(), Inputs::floats);
    var f64 = new Parity<double[]>("f64", new ScalarF64(), new VectorF64(), Inputs::doubles);
    f32.actual.settle();
    f64.actual.settle();
    f32.run();
    f64.run();
    f32.differences.addAll(f64.differences);
    return f32.differences;
  }

  private void run() {
    for (int n : Inputs.SIZES) {
      for (int round = 0; round < 3; round++) {
        elementwise(n);
        sums(n);
        if (n > 0) {
          FusedParity.softmax(this, n);
          FusedParity.norms(this, n);
          FusedParity.channels(this, n);
        }
        extremes(n);
        additions(n);
      }
    }
    ProgramParity.run(this);
    for (int round = 0; round < 150; round++) {
      products();
    }
    products(250, 520, 130);
    products(40, 256, 1100);
    products(130, 70, 512);
    products(150, 800, 300);
    products(30, 3200, 270);
    for (int round = 0; round < 8; round++) {
      products(1, 800, 130);
      products(130, 800, 1);
    }
    for (int round = 0; round < 120; round++) {
      windows();
      transposes();
    }
    for (int w : new int[] {2, 5, 12, 16, 20, 24, 31, 32, 33, 64, 70}) {
      for (int h : new int[] {2, 6, 9}) {
        pools(new Geometry(h, w, 2, 2, 2, 2, 0, 0, 1, 1), 4);
        pools(new Geometry(h, w, 2, 2, 2, 2, 0, 0, 1, 1, true), 4);
      }
    }
    for (int round = 0; round < 40; round++) {
      AttentionParity.attention(this);
    }
  }

  private void elementwise(int n) {
    A x = maker.make(n + CORNER, random, true);
    for (Unary f : Unary.values()) {
      int xo = random.nextInt(CORNER);
      int yo = random.nextBoolean() ? xo : random.nextInt(CORNER);
      compare(f.call() + " " + n, n + CORNER, (k, y) -> k.map(f, x, xo, y, yo, n));
    }
    int flushed = random.nextInt(CORNER);
    compare(
        "flush " + n,
        n + CORNER,
        (k, y) -> {
          System.arraycopy(x, 0, y, 0, n + CORNER);
          k.flush(y, flushed, n);
        });
    A b = maker.make(n + CORNER, random, true);
    A c = maker.make(n + CORNER, random, true);
    int[][] strides = {{1, 1, 1}, {1, 0, 1}, {0, 1, 1}, {1, 1, 0}, {1, 0, 0}, {0, 0, 1}};
    for (int[] s : strides) {
      int at = random.nextInt(CORNER);
      for (Binary f : Binary.values()) {
        compare(
            f.call() + " " + n + Arrays.toString(s),
            n + CORNER,
            (k, y) -> k.zip(f, x, at, s[0], b, 0, s[1], y, 1, n));
      }
      compare(
          "select " + n + Arrays.toString(s),
          n + CORNER,
          (k, y) -> k.select(c, at, s[2], x, 0, s[0], b, at, s[1], y, 1, n));
    }
  }

  private void sums(int n) {
    int rows = 1 + random.nextInt(5);
    A x = maker.make(rows * n, random, random.nextBoolean());
    compare("sumInner " + rows + "×" + n, rows, (k, y) -> k.sumInner(x, y, 0, rows, n));
    int deep = random.nextBoolean() ? rows : 600;
    A z = maker.make(deep * n, random, random.nextBoolean());
    int from = n / 3;
    compare("sumOuter " + deep + "×" + n, n, (k, y) -> k.sumOuter(z, 0, y, 0, deep, n, from, n));
    int inner = 1 + random.nextInt(40);
    A w = maker.make(3 * n * inner + 2, random, random.nextBoolean());
    for (int o = 0; o < 3; o++) {
      int xo = o * n * inner + 2;
      compare(
          "sumOuter " + n + "×" + inner + " at " + xo,
          inner + 1,
          (k, y) -> k.sumOuter(w, xo, y, 1, n, inner, 0, inner));
    }
  }

  /** Also of few different numbers, where the first of many equals counts. */
  private void extremes(int n) {
    if (n == 0) {
      return;
    }
    int inner = random.nextBoolean() ? 1 : 1 + random.nextInt(70);
    int lines = 3 * inner;
    A x = maker.make(n * lines, random, random.nextBoolean());
    if (random.nextBoolean()) {
      expected.map(random.nextBoolean() ? Unary.SIGN : Unary.ROUND, x, 0, x, 0, n * lines);
    }
    int from = random.nextInt(inner);
    for (boolean smallest : new boolean[] {false, true}) {
      var want = new int[lines];
      var got = new int[lines];
      expected.argExtreme(x, want, n, inner, from, lines, smallest);
      actual.argExtreme(x, got, n, inner, from, lines, smallest);
      if (!Arrays.equals(want, got)) {
        differences.add(type + " argExtreme " + n + "×" + inner + (smallest ? " least" : ""));
      }
    }
  }

  private void additions(int n) {
    int size = 1 + random.nextInt(9);
    int inner = random.nextBoolean() ? 1 : 1 + random.nextInt(70);
    int lines = 2 * inner;
    A x = maker.make(n * lines, random, random.nextBoolean());
    var index = new int[n * lines];
    Arrays.setAll(index, _ -> random.nextInt(size));
    int from = random.nextInt(inner);
    String what = " " + n + "×" + inner + " into " + size;
    compare(
        "scatterAdd" + what,
        size * lines,
        (k, y) -> k.scatterAdd(x, index, y, n, inner, size, from, lines));
    compare(
        "indexAdd" + what,
        size * lines,
        (k, y) -> k.indexAdd(x, index, y, n, inner, size, from, lines));
  }

  private void products() {
    products(
        random.nextInt(60),
        random.nextInt(random.nextBoolean() ? 12 : 560),
        1 + random.nextInt(90));
    products(1, random.nextInt(70), 1 + random.nextInt(300));
    products(random.nextInt(70), random.nextInt(70), 1);
  }

  private void products(int m, int k, int n) {
    boolean ta = random.nextBoolean();
    boolean tb = random.nextBoolean();
    A a = maker.make(m * k + 3, random, random.nextInt(4) == 0);
    A b = maker.make(k * n + 5, random, random.nextInt(4) == 0);
    String shape = " " + m + "×" + k + "×" + n + (ta ? " Aᵀ" : "") + (tb ? " Bᵀ" : "");
    compare(
        "matmul" + shape,
        m * n + 2,
        (kernels, y) -> kernels.matmul(a, 3, ta, b, 5, tb, y, 2, m, k, n));
    A bias = random.nextBoolean() ? maker.make(n, random, false) : null;
    Unary f = random.nextBoolean() ? Unary.RELU : random.nextBoolean() ? Unary.TANH : null;
    compare(
        "linear" + shape + (bias == null ? "" : " + bias") + " " + f,
        m * n + 2,
        (kernels, y) -> kernels.linear(a, 3, ta, b, 5, tb, bias, f, y, 2, m, k, n));
    block(m, k, n, ta, tb, shape);
  }

  /** Products of blocks that lie inside larger matrices. */
  private void block(int m, int k, int n, boolean ta, boolean tb, String shape) {
    boolean more = random.nextBoolean();
    int lda = (ta ? m : k) + random.nextInt(3);
    int ldb = (tb ? k : n) + random.nextInt(3);
    int ldc = n + random.nextInt(3);
    A a = maker.make((ta ? k : m) * lda + 3, random, false);
    A b = maker.make((tb ? n : k) * ldb + 5, random, false);
    compare(
        "gemm" + shape + (more ? " more" : ""),
        m * ldc + 2,
        (kernels, y) -> kernels.gemm(more, m, k, n, a, 3, lda, ta, b, 5, ldb, tb, y, 2, ldc));
  }

  private void windows() {
    int kh = 1 + random.nextInt(4);
    int kw = 1 + random.nextInt(4);
    int dh = 1 + random.nextInt(2);
    int dw = 1 + random.nextInt(2);
    int ph = random.nextInt(kh / 2 + 1);
    int pw = random.nextInt(kw / 2 + 1);
    int h = dh * (kh - 1) + 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 9);
    int w = dw * (kw - 1) + 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 9);
    boolean plain = random.nextInt(3) == 0;
    int sh = plain ? 1 : 1 + random.nextInt(3);
    int sw = plain ? 1 : 1 + random.nextInt(3);
    var g = new Geometry(h, w, kh, kw, sh, sw, plain ? 0 : ph, plain ? 0 : pw, dh, dw);
    int groups = 1 + random.nextInt(2);
    int in = groups * (1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 5));
    int out = groups * (1 + random.nextInt(random.nextInt(4) == 0 ? 80 : 10));
    int batch = 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 3);
    if ((long) batch * in / groups * out * g.positions() * g.window() > 2_000_000) {
      batch = 1;
      in = groups;
    }
    convolutions(g, batch, in, out, groups);
    pools(g, batch * in);
    pools(new Geometry(h, w, kh, kw, sh, sw, g.paddingH(), g.paddingW(), dh, dw, true), batch);
  }

  private void transposes() {
    int m = 1 + random.nextInt(90);
    int n = 1 + random.nextInt(90);
    int across = m + random.nextInt(4);
    int down = n + random.nextInt(4);
    A x = maker.make(n * across + 3, random, random.nextBoolean());
    compare(
        "transpose " + m + "×" + n,
        m * down + 5,
        (k, y) -> k.transpose(x, 3, across, y, 5, down, m, n));
  }

  private void convolutions(Geometry g, int images, int in, int out, int groups) {
    boolean corners = random.nextInt(4) == 0;
    A x = maker.make(images * in * g.plane(), random, corners);
    A weight = maker.make(out * in / groups * g.window(), random, random.nextInt(8) == 0);
    A dy = maker.make(images * out * g.positions(), random, corners);
    A bias = random.nextBoolean() ? maker.make(out, random, corners) : null;
    String what = " " + images + ", " + in + " to " + out + " in " + groups + " groups, " + g;
    compare(
        "conv" + what,
        images * out * g.positions(),
        (k, y) -> k.windows().conv(x, weight, bias, y, images, in, out, groups, g));
    compare(
        "convInput" + what,
        images * in * g.plane(),
        (k, dx) -> k.windows().convInput(dy, weight, dx, images, in, out, groups, g));
    compare(
        "convWeight" + what,
        out * in / groups * g.window(),
        (k, dw) -> k.windows().convWeight(dy, x, dw, images, in, out, groups, g));
  }

  private void pools(Geometry g, int planes) {
    A x = maker.make(planes * g.plane(), random, random.nextBoolean());
    A dy = maker.make(planes * g.positions(), random, random.nextInt(4) == 0);
    A columns = maker.make(planes * g.window() * g.positions(), random, random.nextInt(4) == 0);
    boolean padding = random.nextBoolean();
    int from = planes / 3;
    int results = planes * g.positions();
    int elements = planes * g.plane();
    compare("maxPool " + g, results, (k, y) -> k.windows().maxPool(x, y, from, planes, g));
    compare(
        "maxPoolBackward " + g,
        elements,
        (k, dx) -> k.windows().maxPoolBackward(dy, x, dx, from, planes, g));
    compare("avgPool " + g, results, (k, y) -> k.windows().avgPool(x, y, from, planes, padding, g));
    compare(
        "avgPoolBackward " + g,
        elements,
        (k, dx) -> k.windows().avgPoolBackward(dy, dx, from, planes, padding, g));
    compare("fold " + g, elements, (k, y) -> k.windows().fold(columns, y, from, planes, g));
  }

  /** One call of a kernel, into an array. */
  interface Call<A> {
    void run(Kernels<A> kernels, A y);
  }

  /** Numbers, in a round with corners some of them. */
  A make(int n, boolean corners) {
    return maker.make(n, random, corners);
  }

  int next(int bound) {
    return random.nextInt(bound);
  }

  void compare(String what, int size, Call<A> call) {
    A want = maker.make(size, new Philox(3), false);
    A got = maker.make(size, new Philox(3), false);
    call.run(expected, want);
    call.run(actual, got);
    boolean same =
        want instanceof float[] f
            ? Arrays.equals(f, (float[]) got)
            : Arrays.equals((double[]) want, (double[]) got);
    if (!same) {
      differences.add(type + " " + what);
    }
  }
}
