package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class LayersTest {
  private static Tensor randn(int... shape) {
    return Tensor.randn(DType.F64, new Philox(5, "x"), shape);
  }

  @Test
  void linear() {
    Linear layer = new Linear(2, 3);
    layer.weight().set(Tensor.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}));
    Objects.requireNonNull(layer.bias()).set(Tensor.of(10f, 20f, 30f));
    Tensor y = layer.forward(Tensor.of(new float[][] {{1, 1}, {0, 2}}));
    assertArrayEquals(new double[] {13, 27, 41, 14, 28, 42}, y.toDoubleArray());
    Tensor one = layer.forward(Tensor.of(1f, 1f));
    assertEquals("3", one.shape().toString());
    assertArrayEquals(new double[] {13, 27, 41}, one.toDoubleArray());
    assertEquals("4×5×3", layer.forward(Tensor.ones(4, 5, 2)).shape().toString());
    assertEquals(1, new Linear(2, 3, false).parameters().size());
    assertEquals(0, heBias().abs().max().item());
  }

  private static Tensor heBias() {
    return Objects.requireNonNull(new Linear(4, 5, true, Inits.heNormal()).bias());
  }

  @Test
  void linearNamesItselfInErrors() {
    Sequential model = new Sequential(new ReLU(), new Linear(784, 10));
    var e = assertThrows(ShapeException.class, () -> model.forward(Tensor.ones(32, 780)));
    assertEquals(
        "Linear 1: the last dimension of the input must be 784, got 32×780", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Linear(0, 3));
  }

  @Test
  void activationsHaveTheirFormulas() {
    Map<Module, DoubleUnaryOperator> all =
        Map.ofEntries(
            Map.entry(new Identity(), x -> x),
            Map.entry(new ReLU(), x -> Math.max(0, x)),
            Map.entry(new ReLU6(), x -> Math.min(6, Math.max(0, x))),
            Map.entry(new LeakyReLU(0.2), x -> x > 0 ? x : 0.2 * x),
            Map.entry(new Tanh(), Math::tanh),
            Map.entry(new Sigmoid(), x -> 1 / (1 + Math.exp(-x))),
            Map.entry(new LogSigmoid(), x -> -Math.log1p(Math.exp(-x))),
            Map.entry(new Softplus(), x -> Math.log1p(Math.exp(x))),
            Map.entry(new Softsign(), x -> x / (1 + Math.abs(x))),
            Map.entry(new ELU(2), x -> x > 0 ? x : 2 * Math.expm1(x)),
            Map.entry(
                new SELU(),
                x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
            Map.entry(new SiLU(), x -> x / (1 + Math.exp(-x))),
            Map.entry(new CELU(2), x -> x > 0 ? x : 2 * Math.expm1(x / 2)),
            Map.entry(new Softshrink(), x -> Math.signum(x) * Math.max(0, Math.abs(x) - 0.5)),
            Map.entry(new Hardshrink(1), x -> Math.abs(x) > 1 ? x : 0),
            Map.entry(new Tanhshrink(), x -> x - Math.tanh(x)),
            Map.entry(new Threshold(0.3, -2), x -> x > 0.3 ? x : -2),
            Map.entry(new Softplus(2), x -> Math.log1p(Math.exp(2 * x)) / 2),
            Map.entry(new Hardtanh(-2, 0.5), x -> Math.min(0.5, Math.max(-2, x))),
            Map.entry(Module.in(DType.F64, PReLU::new), x -> x > 0 ? x : 0.25 * x),
            Map.entry(new Mish(), x -> x * Math.tanh(Math.log1p(Math.exp(x)))),
            Map.entry(new Hardtanh(), x -> Math.min(1, Math.max(-1, x))),
            Map.entry(new Hardsigmoid(), x -> Math.min(1, Math.max(0, x / 6 + 0.5))),
            Map.entry(new Hardswish(), x -> x * Math.min(1, Math.max(0, x / 6 + 0.5))),
            Map.entry(
                new GELU("tanh"),
                x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))));
    double[] points = {-7, -2.5, -1, -0.3, 0, 0.3, 1, 2.5, 7};
    all.forEach(
        (layer, formula) -> {
          double[] y = layer.forward(Tensor.of(points)).toDoubleArray();
          for (int i = 0; i < points.length; i++) {
            assertEquals(formula.applyAsDouble(points[i]), y[i], 1e-12, layer + " at " + points[i]);
          }
        });
    double[] gelu = new GELU().forward(Tensor.of(-1.0, 0.0, 1.0)).toDoubleArray();
    assertArrayEquals(new double[] {-0.15865525393145707, 0, 0.8413447460685429}, gelu, 1e-14);
    assertThrows(IllegalArgumentException.class, () -> new GELU("erf"));
    assertThrows(IllegalArgumentException.class, () -> new LeakyReLU(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new CELU(0));
    assertThrows(IllegalArgumentException.class, () -> new Softplus(-1));
    assertThrows(IllegalArgumentException.class, () -> new Softshrink(-0.1));
    assertThrows(IllegalArgumentException.class, () -> new Hardtanh(1, 1));
  }

  @Test
  void nothingOfARangeIsLostAtTheEnds() {
    Tensor x = Tensor.of(Double.NaN, -1e4, 1e4, Double.POSITIVE_INFINITY);
    for (Module layer :
        List.of(new CELU(), new Softshrink(), new Hardshrink(), new Threshold(0, 0), new PReLU())) {
      double[] y = layer.forward(x.to(DType.F32)).toDoubleArray();
      assertTrue(Double.isNaN(y[0]), layer + " of NaN");
      assertTrue(Double.isFinite(y[1]) && y[2] > 9e3, layer + " of ±1e4");
      assertEquals(Double.POSITIVE_INFINITY, y[3], layer + " of ∞");
    }
  }

  @Test
  void slopesPerChannelAndGates() {
    PReLU prelu = new PReLU(2, 0.5);
    prelu.weight().set(Tensor.of(0.5f, 2f));
    Tensor x = Tensor.of(new float[] {-1, 1, -1, 1}, 1, 2, 2);
    assertArrayEquals(new double[] {-0.5, 1, -2, 1}, prelu.forward(x).toDoubleArray());
    prelu.forward(x).sum().backward();
    assertArrayEquals(
        new double[] {-1, -1}, Objects.requireNonNull(prelu.weight().grad()).toDoubleArray());
    var wide = assertThrows(ShapeException.class, () -> prelu.forward(Tensor.ones(1, 3)));
    assertEquals("PReLU: needs N×2×…, got 1×3", wide.getMessage());
    assertEquals(-0.25, new PReLU().forward(Tensor.scalar(-1f)).item());

    Tensor gated = new GLU(1).forward(Tensor.of(new double[][] {{3, 0}, {5, Math.log(3)}}));
    assertArrayEquals(new double[] {1.5, 3.75}, gated.toDoubleArray(), 1e-15);
    var odd = assertThrows(ShapeException.class, () -> new GLU().forward(Tensor.ones(2, 3)));
    assertEquals("GLU: dimension -1 must be even to be halved, got 2×3", odd.getMessage());
    Tensor p = new Softmin(0).forward(Tensor.of(0, Math.log(3)));
    assertArrayEquals(new double[] {0.75, 0.25}, p.toDoubleArray(), 1e-15);
  }

  @Test
  void softmax() {
    Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {1000, 1000, 1000}});
    Tensor p = new Softmax(1).forward(x);
    double z = Math.exp(-2) + Math.exp(-1) + 1;
    assertEquals(Math.exp(-2) / z, p.get(0, 0), 1e-15);
    assertEquals(1.0 / 3, p.get(1, 2), 1e-15);
    assertTrue(new LogSoftmax(-1).forward(x).allClose(p.log(), 1e-14, 1e-14));
  }

  @Test
  void flatten() {
    assertEquals("2×12", new Flatten().forward(Tensor.ones(2, 3, 4)).shape().toString());
    assertEquals("24", new Flatten(0).forward(Tensor.ones(2, 3, 4)).shape().toString());
  }

  @Test
  void residual() {
    Tensor x = Tensor.of(new float[][] {{-1, 2}});
    assertArrayEquals(new double[] {-1, 4}, new Residual(new ReLU()).forward(x).toDoubleArray());
    Sequential model = new Sequential(new Residual(new Linear(2, 3)));
    var e = assertThrows(ShapeException.class, () -> model.forward(x));
    assertEquals(
        "Residual 0: x + body(x) needs a body that keeps the shape, but it maps 1×2 to 1×3",
        e.getMessage());
  }

  @Test
  void batchNormInTraining() {
    BatchNorm1d norm = Module.in(DType.F64, () -> new BatchNorm1d(2));
    Tensor x = Tensor.of(new double[][] {{1, 10}, {2, 10}, {6, 40}});
    Tensor y = norm.forward(x);
    double[] first = y.slice(1, 0, 1).toDoubleArray();
    double std = Math.sqrt(14.0 / 3 + 1e-5);
    assertArrayEquals(new double[] {-2 / std, -1 / std, 3 / std}, first, 1e-14);
    double[] mean = Objects.requireNonNull(norm.stateDict().get("running_mean")).toDoubleArray();
    double[] var = Objects.requireNonNull(norm.stateDict().get("running_var")).toDoubleArray();
    assertArrayEquals(new double[] {0.3, 2}, mean, 1e-14);
    assertArrayEquals(new double[] {0.9 + 0.7, 0.9 + 30}, var, 1e-13);
  }

  @Test
  void batchNormInEvaluation() {
    BatchNorm1d norm = Module.in(DType.F64, () -> new BatchNorm1d(2, 1e-13, 1));
    norm.forward(Tensor.of(new double[][] {{1, 10}, {2, 10}, {6, 40}}));
    norm.eval();
    Tensor y = norm.forward(Tensor.of(new double[][] {{3, 20}, {3 + Math.sqrt(7), 20}}));
    assertArrayEquals(new double[] {0, 0, 1, 0}, y.toDoubleArray(), 1e-12);
    Tensor sequence = norm.forward(randn(4, 2, 3));
    assertEquals("4×2×3", sequence.shape().toString());
  }

  @Test
  void batchNormOfSequencesPoolsPositions() {
    BatchNorm1d norm = Module.in(DType.F64, () -> new BatchNorm1d(3));
    Tensor x = randn(4, 3, 5);
    Tensor rows = x.permute(0, 2, 1).reshape(20, 3);
    Tensor expected = Module.in(DType.F64, () -> new BatchNorm1d(3)).forward(rows);
    Tensor actual = norm.forward(x).permute(0, 2, 1).reshape(20, 3);
    assertTrue(actual.allClose(expected, 1e-12, 1e-12));
  }

  /** {@code dx = weight/(n σ) · (n g − Σ g − x̂ Σ g x̂)}, the closed form, against the tape. */
  @Test
  void batchNormsGradientIsTheClosedForm() {
    int n = 32;
    BatchNorm1d norm = Module.in(DType.F64, () -> new BatchNorm1d(7));
    Tensor weight = Tensor.uniform(DType.F64, new Philox(8), 0.5, 2, 7);
    norm.parameters().getFirst().set(weight);
    Tensor g = Tensor.randn(DType.F64, new Philox(9), n, 7);
    Parameter x = randn(n, 7).requiresGrad();
    norm.forward(x).mul(g).sum().backward();

    Tensor centred = x.value().sub(x.value().mean(0));
    Tensor std = centred.square().mean(0).add(1e-5).sqrt();
    Tensor hat = centred.div(std);
    Tensor inner = g.mul(n).sub(g.sum(0)).sub(hat.mul(g.mul(hat).sum(0)));
    Tensor expected = inner.mul(weight.div(std).div(n));
    assertTrue(Objects.requireNonNull(x.grad()).allClose(expected, 1e-12, 1e-13));
  }

  @Test
  void batchNormRefuses() {
    Sequential model = new Sequential(new BatchNorm1d(3));
    var one = assertThrows(ShapeException.class, () -> model.forward(Tensor.ones(1, 3)));
    assertEquals(
        "BatchNorm1d 0: training needs more than one value per channel, got 1×3;"
            + " use a larger batch or eval()",
        one.getMessage());
    var wide = assertThrows(ShapeException.class, () -> model.forward(Tensor.ones(5, 4)));
    assertEquals("BatchNorm1d 0: needs N×3 or N×3×L, got 5×4", wide.getMessage());
    assertEquals("1×3", model.eval().forward(Tensor.ones(1, 3)).shape().toString());
  }

  @Test
  void layerNorm() {
    LayerNorm norm = Module.in(DType.F64, () -> new LayerNorm(4));
    Tensor x = Tensor.of(new double[][] {{1, 2, 3, 6}, {0, 0, 0, 0}});
    double std = Math.sqrt(3.5 + 1e-5);
    assertArrayEquals(
        new double[] {-2 / std, -1 / std, 0, 3 / std, 0, 0, 0, 0},
        norm.forward(x).toDoubleArray(),
        1e-14);
    LayerNorm two = Module.in(DType.F64, () -> new LayerNorm(3, 4));
    Tensor y = two.forward(randn(2, 3, 4));
    assertArrayEquals(new double[2], y.reshape(2, 12).mean(1).toDoubleArray(), 1e-14);
    var e = assertThrows(ShapeException.class, () -> two.forward(randn(3, 5)));
    assertEquals("LayerNorm: the last dimensions must be 3×4, got 3×5", e.getMessage());
  }

  @Test
  void conv2d() {
    Conv2d layer = new Conv2d(4, 6, 3, 2, Conv2dOptions.DEFAULT.groups(2).padding(1), true);
    layer.init(5);
    assertEquals("6×2×3×2", layer.weight().shape().toString());
    double bound = 1 / Math.sqrt(12);
    for (Tensor start : List.of(layer.weight(), Objects.requireNonNull(layer.bias()))) {
      assertTrue(start.abs().max().item() <= bound);
      assertTrue(start.abs().max().item() > bound / 2);
    }
    assertEquals("2×6×5×7", layer.forward(Tensor.ones(2, 4, 5, 6)).shape().toString());
    var e = assertThrows(ShapeException.class, () -> layer.forward(Tensor.ones(2, 3, 5, 6)));
    assertEquals("Conv2d: the input must be N×4×H×W, got 2×3×5×6", e.getMessage());
    assertEquals(null, new Conv2d(1, 1, 1, 1, Conv2dOptions.DEFAULT, false).bias());
    var three = Conv2dOptions.DEFAULT.groups(3);
    assertThrows(IllegalArgumentException.class, () -> new Conv2d(4, 6, 3, three));
    assertThrows(IllegalArgumentException.class, () -> new Conv2d(4, 6, 0));
  }

  @Test
  void pooling() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4);
    assertArrayEquals(new double[] {6, 8}, new MaxPool2d(2).forward(x).toDoubleArray());
    assertArrayEquals(new double[] {3.5, 5.5}, new AvgPool2d(2).forward(x).toDoubleArray());
    Window dilated = Window.of(2).dilation(2);
    assertThrows(IllegalArgumentException.class, () -> new AvgPool2d(dilated, true));
    Module body =
        Module.in(
            DType.F64,
            () ->
                new Sequential(
                    new Conv2d(2, 3, 3, Conv2dOptions.DEFAULT.padding(1)),
                    new Tanh(),
                    new MaxPool2d(2),
                    new AvgPool2d(Window.of(2), true),
                    new Flatten(),
                    new Linear(3, 2)));
    body.init(4);
    var report = GradCheck.check(in -> body.forward(in.getFirst()), List.of(randn(2, 2, 4, 5)));
    assertTrue(report.passed(), report::toString);
  }

  @Test
  void dropout() {
    Dropout layer = new Dropout(0.3);
    layer.init(7);
    Tensor x = Tensor.ones(200, 500);
    Tensor y = layer.forward(x);
    double kept = y.gt(0).mean().item();
    assertEquals(0.7, kept, 5 * Math.sqrt(0.21 / 100_000));
    assertEquals((float) (1 / 0.7), y.max().item());
    assertFalse(y.sameBits(layer.forward(x)));
    assertEquals(2, layer.calls());
    layer.calls(0);
    assertTrue(y.sameBits(layer.forward(x)));
    layer.init(8);
    assertFalse(y.sameBits(layer.forward(x)));
    layer.eval();
    assertSame(x, layer.forward(x));
    assertEquals(0, new Dropout(1).forward(x).abs().max().item());
    assertEquals(DType.F64, layer.train().forward(randn(3)).dtype());
    assertThrows(IllegalArgumentException.class, () -> new Dropout(1.5));
  }

  @Test
  void dropoutsOfOneModelDiffer() {
    Sequential model = new Sequential(new Dropout(0.5), new Dropout(0.5));
    Tensor y = model.forward(Tensor.ones(100, 100));
    assertEquals(0.25, y.gt(0).mean().item(), 0.03);
  }

  @Test
  void recomputationReusesTheMask() {
    Dropout layer = new Dropout(0.5);
    Parameter x = randn(50, 4).requiresGrad();
    Tensor plain = layer.forward(x.square()).sum();
    plain.backward();
    Tensor gradient = Objects.requireNonNull(x.grad());
    x.zeroGrad();
    layer.calls(0);
    Tensor again = Autograd.checkpoint(v -> layer.forward(v.square()), x).sum();
    again.backward();
    assertTrue(plain.sameBits(again));
    assertTrue(gradient.sameBits(Objects.requireNonNull(x.grad())));
    assertEquals(1, layer.calls());
  }

  @Test
  void gradientsOfLayers() {
    Module body =
        Module.in(
            DType.F64,
            () ->
                new Sequential(
                    new Linear(3, 4),
                    new BatchNorm1d(4),
                    new Residual(new Sequential(new LayerNorm(4), new GELU())),
                    new Linear(4, 2, true, Inits.glorotUniform()),
                    new Softmax(-1)));
    var report = GradCheck.check(x -> body.forward(x.getFirst()).square(), List.of(randn(5, 3)));
    assertTrue(report.passed(), report::toString);
    assertEquals(
        0, Objects.requireNonNull(body.namedBuffers().get("1.running_mean")).value().sum().item());
  }
}
