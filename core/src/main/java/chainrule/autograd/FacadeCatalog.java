package chainrule.autograd;

import chainrule.tensor.Conv1dOptions;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.ConvTranspose2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import chainrule.tensor.Window1d;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Every method of the tensor façades, named by its signature, with an input and the shape that must
 * come out.
 */
final class FacadeCatalog {
  private static final double SEVERAL_FUNCTIONS = 1e-6;
  private static final Tensor PLACES = Tensor.of(new int[] {0, 2, 1, 1, 0, 2}, 2, 3);

  private final List<Subject> subjects = new ArrayList<>();

  private FacadeCatalog() {}

  static List<Subject> subjects() {
    var catalog = new FacadeCatalog();
    catalog.sums();
    catalog.extremes();
    catalog.products();
    catalog.shapes();
    catalog.pieces();
    catalog.indices();
    catalog.composites();
    catalog.images();
    catalog.joins();
    return catalog.subjects;
  }

  private static int[] shape(int... dims) {
    return dims;
  }

  /** A method at standard normal inputs of the given shapes. */
  private void add(
      String signature, int[] expected, Function<List<Tensor>, Tensor> f, int[]... shapes) {
    Shape result = Shape.of(expected);
    var subject =
        new Subject(
            signature,
            f,
            random -> {
              var out = new ArrayList<Tensor>();
              for (int[] dims : shapes) {
                out.add(Tensor.randn(DType.F64, random, dims));
              }
              return out;
            });
    subject.law("shape", DType.F64, (g, at) -> LawChecks.shape(g, at, result));
    subjects.add(subject.gradients().precision(SEVERAL_FUNCTIONS));
  }

  private void one(String signature, int[] expected, Function<Tensor, Tensor> f, int... dims) {
    add(signature, expected, in -> f.apply(in.getFirst()), dims);
  }

  private void two(
      String signature, int[] expected, BiFunction<Tensor, Tensor, Tensor> f, int[] a, int[] b) {
    add(signature, expected, in -> f.apply(in.getFirst(), in.getLast()), a, b);
  }

  /** A result that is a position: a constant to the tape, of the input's own type here. */
  private void positions(String signature, int[] expected, Function<Tensor, Tensor> f) {
    one(signature, expected, x -> f.apply(x).to(x.dtype()), 2, 3, 4);
  }

  private void sums() {
    int[] two = {0, 2};
    one("sum()", shape(), x -> x.sum(), 2, 3, 4);
    one("sum(int)", shape(2, 4), x -> x.sum(1), 2, 3, 4);
    one("sum(int, boolean)", shape(2, 3, 1), x -> x.sum(-1, true), 2, 3, 4);
    one("sum(int[], boolean)", shape(3), x -> x.sum(two, false), 2, 3, 4);
    one("mean()", shape(), x -> x.mean(), 2, 3, 4);
    one("mean(int)", shape(3, 4), x -> x.mean(0), 2, 3, 4);
    one("mean(int, boolean)", shape(2, 1, 4), x -> x.mean(1, true), 2, 3, 4);
    one("mean(int[], boolean)", shape(1, 3, 1), x -> x.mean(two, true), 2, 3, 4);
    one("var()", shape(), x -> x.var(), 2, 3, 4);
    one("var(int)", shape(2, 4), x -> x.var(1), 2, 3, 4);
    one("var(int, boolean)", shape(1, 3, 4), x -> x.var(0, true), 2, 3, 4);
    one("var(int[], boolean, int)", shape(3), x -> x.var(two, false, 0), 2, 3, 4);
    one("std()", shape(), x -> x.std(), 2, 3, 4);
    one("std(int)", shape(2, 3), x -> x.std(2), 2, 3, 4);
    one("std(int, boolean)", shape(2, 1, 4), x -> x.std(1, true), 2, 3, 4);
    one("cumsum(int)", shape(2, 3, 4), x -> x.cumsum(1), 2, 3, 4);
  }

  private void extremes() {
    one("max()", shape(), x -> x.max(), 2, 3, 4);
    one("max(int)", shape(2, 4), x -> x.max(1), 2, 3, 4);
    one("max(int, boolean)", shape(2, 3, 1), x -> x.max(2, true), 2, 3, 4);
    one("min()", shape(), x -> x.min(), 2, 3, 4);
    one("min(int)", shape(3, 4), x -> x.min(0), 2, 3, 4);
    one("min(int, boolean)", shape(2, 1, 4), x -> x.min(1, true), 2, 3, 4);
    positions("argmax(int)", shape(2, 4), x -> x.argmax(1));
    positions("argmin(int)", shape(2, 3), x -> x.argmin(-1));
    positions("argsort(int, boolean)", shape(2, 3, 4), x -> x.argsort(2, true));
  }

  private void products() {
    one("prod()", shape(), x -> x.prod(), 2, 3);
    one("prod(int)", shape(2, 4), x -> x.prod(1), 2, 3, 4);
    one("prod(int, boolean)", shape(2, 3, 1), x -> x.prod(2, true), 2, 3, 4);
    one("logSumExp(int)", shape(2, 4), x -> x.logSumExp(1), 2, 3, 4);
    one("logSumExp(int, boolean)", shape(2, 3, 1), x -> x.logSumExp(2, true), 2, 3, 4);
    one("norm()", shape(), x -> x.norm(), 2, 3, 4);
    for (double p : new double[] {1, 2, 3, Double.POSITIVE_INFINITY}) {
      String name = "norm(double, int, boolean) p = " + (p > 3 ? "∞" : (int) p);
      one(name, shape(2, 1, 4), x -> x.norm(p, 1, true), 2, 3, 4);
    }
    two("matmul(Tensor)", shape(2, 4), Tensor::matmul, shape(2, 3), shape(3, 4));
    two("matmul(Tensor) batched", shape(5, 2, 4), Tensor::matmul, shape(5, 2, 3), shape(3, 4));
    two("matmul(Tensor) vectors", shape(), Tensor::matmul, shape(3), shape(3));
    two("matmul(Tensor) vector left", shape(5, 4), Tensor::matmul, shape(3), shape(5, 3, 4));
    two("matmul(Tensor) vector right", shape(5, 2), Tensor::matmul, shape(5, 2, 3), shape(3));
    two(
        "matmul(Tensor, boolean, boolean)",
        shape(2, 2, 4),
        (a, b) -> a.matmul(b, true, true),
        shape(2, 3, 2),
        shape(4, 3));
    add(
        "linear(Tensor, Tensor)",
        shape(2, 3, 5),
        in -> in.get(0).linear(in.get(1), in.get(2)),
        shape(2, 3, 4),
        shape(5, 4),
        shape(5));
    two(
        "linear(Tensor, Tensor) without bias",
        shape(2, 5),
        (x, weight) -> x.linear(weight, null),
        shape(2, 4),
        shape(5, 4));
  }

  private void shapes() {
    one("reshape(int...)", shape(4, 6), x -> x.reshape(4, -1), 2, 3, 4);
    one("flatten()", shape(24), x -> x.flatten(), 2, 3, 4);
    one("flatten(int)", shape(2, 12), x -> x.flatten(1), 2, 3, 4);
    one("permute(int...)", shape(4, 2, 3), x -> x.permute(2, 0, 1), 2, 3, 4);
    one("transpose(int, int)", shape(4, 3, 2), x -> x.transpose(0, -1), 2, 3, 4);
    one("t()", shape(2, 4, 3), x -> x.t(), 2, 3, 4);
    one("squeeze()", shape(2, 3), x -> x.squeeze(), 1, 2, 1, 3);
    one("squeeze(int)", shape(1, 2, 3), x -> x.squeeze(2), 1, 2, 1, 3);
    one("unsqueeze(int)", shape(2, 3, 1), x -> x.unsqueeze(-1), 2, 3);
    one("expand(int...)", shape(4, 2, 3), x -> x.expand(4, -1, 3), 2, 1);
    one("flip(int)", shape(2, 3, 4), x -> x.flip(1), 2, 3, 4);
    one("roll(int, int)", shape(2, 3, 4), x -> x.roll(-1, 2), 2, 3, 4);
    one("tril(int)", shape(2, 3, 4), x -> x.tril(0), 2, 3, 4);
    one("triu(int)", shape(2, 3, 4), x -> x.triu(1), 2, 3, 4);
    for (int border = 0; border < 3; border += 2) {
      double value = border;
      one(
          "pad(int[], int[], double) with " + border,
          shape(3, 3, 7),
          x -> x.pad(shape(1, 0, 2), shape(0, 0, 1), value),
          2,
          3,
          4);
    }
  }

  private void pieces() {
    one("slice(int, int, int)", shape(2, 2, 4), x -> x.slice(1, -2, 3), 2, 3, 4);
    one("slice(int, int, int, int)", shape(2, 3, 2), x -> x.slice(2, 1, 4, 2), 2, 3, 4);
    one("pick(int, int)", shape(2, 4), x -> x.pick(1, -1), 2, 3, 4);
    one("split(int, int)", shape(5, 2), x -> Tensor.cat(0, x.split(2, 0).reversed()), 5, 2);
    one("chunk(int, int)", shape(2, 5), x -> Tensor.cat(1, x.chunk(3, 1).reversed()), 2, 5);
  }

  private void indices() {
    one("gather(int, Tensor)", shape(2, 3), x -> x.gather(0, PLACES), 3, 3);
    two(
        "scatterAdd(int, Tensor, Tensor)",
        shape(2, 4),
        (x, source) -> x.scatterAdd(1, PLACES, source),
        shape(2, 4),
        shape(2, 3));
    one("indexSelect(int, Tensor)", shape(2, 6), x -> x.indexSelect(1, PLACES.flatten()), 2, 3);
    one("take(Tensor)", shape(2, 3), x -> x.take(PLACES), 2, 2);
    one("oneHot(int)", shape(2, 3, 4), x -> PLACES.oneHot(4).to(x.dtype()).mul(x), 4);
    one("oneHot(int, DType)", shape(2, 3, 3), x -> PLACES.oneHot(3, x.dtype()).mul(x), 3);
    one("sort(int)", shape(2, 5), x -> x.sort(1).values(), 2, 5);
    one("sort(int, boolean)", shape(2, 5), x -> x.sort(0, true).values(), 2, 5);
    one("topK(int, int)", shape(2, 3), x -> x.topK(3, 1).values(), 2, 5);
  }

  private void composites() {
    Tensor labels = Tensor.of(new int[] {2, 0, 3});
    one("softmax(int)", shape(2, 3, 4), x -> x.softmax(1), 2, 3, 4);
    one("logSoftmax(int)", shape(2, 3, 4), x -> x.logSoftmax(-1), 2, 3, 4);
    one("crossEntropy(Tensor)", shape(), x -> x.crossEntropy(labels), 3, 4);
    add(
        "layerNorm(Tensor, Tensor, double)",
        shape(2, 3, 4),
        in -> in.get(0).layerNorm(in.get(1), in.get(2), 1e-5),
        shape(2, 3, 4),
        shape(3, 4),
        shape(3, 4));
    two(
        "layerNorm(Tensor, Tensor, double) without bias",
        shape(2, 4),
        (x, weight) -> x.layerNorm(weight, null, 1e-5),
        shape(2, 4),
        shape(4));
    two(
        "rmsNorm(Tensor, double)",
        shape(2, 3, 4),
        (x, weight) -> x.rmsNorm(weight, 1e-5),
        shape(2, 3, 4),
        shape(3, 4));
    one("channelMoments()", shape(2, 3), x -> x.channelMoments(), 4, 3, 2);
    add(
        "batchNorm(Tensor, Tensor, Tensor, double) of the batch itself",
        shape(4, 3, 2),
        in -> in.get(0).batchNorm(in.get(0).channelMoments(), in.get(1), in.get(2), 1e-5),
        shape(4, 3, 2),
        shape(3),
        shape(3));
    add(
        "batchNorm(Tensor, Tensor, Tensor, Tensor, double)",
        shape(2, 3, 2),
        in -> in.get(0).batchNorm(in.get(1), in.get(2).square(), in.get(3), in.get(4), 1e-5),
        shape(2, 3, 2),
        shape(3),
        shape(3),
        shape(3),
        shape(3));
    one(
        "batchNorm(Tensor, Tensor, Tensor, Tensor, double) of the batch itself",
        shape(4, 3),
        x -> x.batchNorm(x.mean(0), x.var(shape(0), false, 0), null, null, 1e-5),
        4,
        3);
    add(
        "scaledDotProductAttention(Tensor, Tensor, boolean)",
        shape(2, 3, 2),
        in -> in.get(0).scaledDotProductAttention(in.get(1), in.get(2), true),
        shape(2, 3, 4),
        shape(3, 4),
        shape(2, 3, 2));
    add(
        "scaledDotProductAttention(Tensor, Tensor, Tensor, boolean, double)",
        shape(2, 3, 2),
        in -> in.get(0).scaledDotProductAttention(in.get(1), in.get(2), in.get(3), false, 0.6),
        shape(3, 4),
        shape(2, 5, 4),
        shape(5, 2),
        shape(1, 5));
    one("hidingZeros()", shape(2, 3), x -> x.gt(0).hidingZeros().exp().mul(x), 2, 3);
    add(
        "lerp(Tensor, Tensor)",
        shape(2, 3),
        in -> in.get(0).lerp(in.get(1), in.get(2)),
        shape(2, 3),
        shape(2, 3),
        shape(3));
  }

  private void images() {
    Window small = Window.of(2).stride(2, 1);
    Window padded = Window.of(3, 2).stride(2).padding(1);
    one("unfold(Window)", shape(2, 12, 4), x -> x.unfold(padded), 2, 2, 4, 3);
    one("fold(Window, int, int)", shape(2, 2, 4, 3), x -> x.fold(small, 4, 3), 2, 8, 4);
    add(
        "conv2d(Tensor, Tensor)",
        shape(2, 3, 3, 2),
        in -> in.get(0).conv2d(in.get(1), in.get(2)),
        shape(2, 2, 4, 3),
        shape(3, 2, 2, 2),
        shape(3));
    two(
        "conv2d(Tensor, Tensor, Conv2dOptions)",
        shape(2, 4, 2, 4),
        (x, w) -> x.conv2d(w, null, Conv2dOptions.DEFAULT.groups(2).padding(1).stride(2, 1)),
        shape(2, 4, 4, 4),
        shape(4, 2, 3, 3));
    add(
        "convTranspose2d(Tensor, Tensor)",
        shape(2, 3, 5, 4),
        in -> in.get(0).convTranspose2d(in.get(1), in.get(2)),
        shape(2, 2, 4, 3),
        shape(2, 3, 2, 2),
        shape(3));
    var spread = ConvTranspose2dOptions.DEFAULT.groups(2).stride(2, 1).dilation(1, 3);
    two(
        "convTranspose2d(Tensor, Tensor, ConvTranspose2dOptions)",
        shape(2, 6, 5, 8),
        (x, w) -> x.convTranspose2d(w, null, spread.padding(1, 0).outputPadding(1, 2)),
        shape(2, 4, 2, 3),
        shape(4, 3, 4, 2));
    add(
        "conv1d(Tensor, Tensor)",
        shape(2, 3, 4),
        in -> in.get(0).conv1d(in.get(1), in.get(2)),
        shape(2, 2, 5),
        shape(3, 2, 2),
        shape(3));
    two(
        "conv1d(Tensor, Tensor, Conv1dOptions)",
        shape(2, 4, 3),
        (x, w) -> x.conv1d(w, null, new Conv1dOptions(2, 1, 2, 2)),
        shape(2, 4, 7),
        shape(4, 2, 3));
    Window1d line = Window1d.of(3).stride(2).padding(1).ceilMode(true);
    one("maxPool1d(int)", shape(2, 3, 2), x -> x.maxPool1d(2), 2, 3, 5);
    one("maxPool1d(Window1d)", shape(2, 3, 4), x -> x.maxPool1d(line), 2, 3, 6);
    one("avgPool1d(int)", shape(2, 3, 2), x -> x.avgPool1d(2), 2, 3, 5);
    one("avgPool1d(Window1d, boolean)", shape(2, 3, 4), x -> x.avgPool1d(line, true), 2, 3, 6);
    for (int n : shape(1, 2, 3)) {
      String name = "adaptiveAvgPool2d(int, int) to " + n;
      one(name, shape(2, 2, n, n), x -> x.adaptiveAvgPool2d(n, n), 2, 2, 4, 6);
    }
    one("maxPool2d(int)", shape(2, 2, 2, 1), x -> x.maxPool2d(2), 2, 2, 4, 3);
    one("maxPool2d(Window)", shape(2, 2, 2, 2), x -> x.maxPool2d(padded), 2, 2, 4, 3);
    one("avgPool2d(int)", shape(2, 2, 2, 1), x -> x.avgPool2d(2), 2, 2, 4, 3);
    one("avgPool2d(Window)", shape(2, 2, 2, 2), x -> x.avgPool2d(small), 2, 2, 4, 3);
    one(
        "avgPool2d(Window, boolean)",
        shape(2, 2, 2, 2),
        x -> x.avgPool2d(padded, false),
        2,
        2,
        4,
        3);
  }

  private void joins() {
    two(
        "where(Tensor, Tensor, Tensor)",
        shape(2, 3),
        (a, b) -> Tensor.where(a.gt(b), a, b.square()),
        shape(2, 3),
        shape(3));
    two(
        "cat(int, Tensor...)",
        shape(2, 7),
        (a, b) -> Tensor.cat(1, a, b),
        shape(2, 3),
        shape(2, 4));
    two(
        "cat(int, List)",
        shape(5, 2),
        (a, b) -> Tensor.cat(0, List.of(a, b)),
        shape(2, 2),
        shape(3, 2));
    two(
        "stack(int, Tensor...)",
        shape(2, 3, 2),
        (a, b) -> Tensor.stack(-1, a, b),
        shape(2, 3),
        shape(2, 3));
    two(
        "stack(int, List)",
        shape(2, 2, 3),
        (a, b) -> Tensor.stack(1, List.of(a, b)),
        shape(2, 3),
        shape(2, 3));
    one("to(DType)", shape(2, 3), x -> x.to(DType.F64), 2, 3);
  }
}
