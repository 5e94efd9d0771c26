package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.GraphException;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The options of the losses, their derivatives, and their edges. */
class LossOptionsTest {
  private static final Tensor S = Tensor.randn(DType.F64, new Philox(1), 4, 5);
  private static final Tensor IMAGE = Tensor.randn(DType.F64, new Philox(2), 2, 3, 2, 2);
  private static final Tensor PIXELS = labels(0, 2, 1, 1, -100, 0, 2, 2).reshape(2, 2, 2);
  private static final Tensor LABELS = labels(4, 0, -7, 2);
  private static final Tensor FACTORS = Tensor.of(0.5, 1, 2, 0.1, 3);
  private static final Tensor SIGNS = S.gt(0).mul(2).sub(1);
  private static final Tensor Q = Tensor.randn(DType.F64, new Philox(3), 4, 5).softmax(1);

  private static Tensor labels(int... values) {
    return Tensor.of(values, values.length);
  }

  private static Map<String, UnaryOperator<Tensor>> smooth() {
    Map<String, UnaryOperator<Tensor>> all = new LinkedHashMap<>();
    CrossEntropyLoss ce = new CrossEntropyLoss().ignoreIndex(-7).weight(FACTORS);
    all.put("cross-entropy", s -> ce.labelSmoothing(0.1).of(s, LABELS));
    all.put("cross-entropy of images", s -> Losses.crossEntropy(s.mul(IMAGE), PIXELS));
    all.put("cross-entropy of probabilities", s -> ce.labelSmoothing(0.1).of(s, Q));
    all.put("nll", s -> new NLLLoss().ignoreIndex(-7).weight(FACTORS).of(s, LABELS));
    all.put("huber", s -> new HuberLoss().delta(0.6).of(s, Q));
    all.put("smooth l1", s -> new SmoothL1Loss().beta(0.6).of(s, Q));
    all.put("l1", s -> Losses.l1(s, Q));
    all.put("bce", s -> new BCELoss().weight(FACTORS).of(s.sigmoid(), Q));
    all.put(
        "bce with logits",
        s -> new BCEWithLogitsLoss().weight(FACTORS).posWeight(FACTORS.add(1)).of(s, Q));
    all.put("kl", s -> new KLDivLoss().of(s.logSoftmax(1), Q));
    all.put("kl of logs", s -> new KLDivLoss().logTarget(true).of(s.logSoftmax(1), Q.log()));
    all.put("squared hinge", s -> Losses.squaredHinge(s, SIGNS));
    all.put(
        "multi-margin",
        s -> new MultiMarginLoss().p(2).margin(0.7).weight(FACTORS).of(s, labels(4, 0, 1, 2)));
    all.put("cosine", s -> new CosineEmbeddingLoss().margin(0.1).of(s, Q, labels(1, -1, -1, 1)));
    all.put("triplet", s -> new TripletMarginLoss().p(3).swap(true).of(s, Q, SIGNS));
    all.put("poisson", s -> new PoissonNLLLoss().full(true).of(s, Q.mul(9)));
    all.put("poisson of means", s -> new PoissonNLLLoss().logInput(false).of(s.exp(), Q));
    all.put("gaussian", s -> new GaussianNLLLoss().full(true).of(s, Q, s.square().add(0.1)));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> derivativesOfTwoOrders() {
    return smooth().entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      Tensor at =
                          e.getKey().contains("images") ? Tensor.ones(DType.F64, 2, 3, 2, 2) : S;
                      var report =
                          GradCheck.check(x -> e.getValue().apply(x.getFirst()), List.of(at));
                      assertTrue(report.passed(), report::toString);
                    }));
  }

  @Test
  void reductions() {
    Tensor p = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    Tensor zero = Tensor.zeros(DType.F64, 2, 2);
    MSELoss mse = new MSELoss();
    assertEquals(7.5, mse.of(p, zero).item());
    assertEquals(30, mse.reduction(Reduction.SUM).of(p, zero).item());
    assertEquals(15, mse.reduction(Reduction.BATCH_MEAN).of(p, zero).item());
    assertArrayEquals(
        new double[] {1, 4, 9, 16}, mse.reduction(Reduction.NONE).of(p, zero).toDoubleArray());
  }

  @Test
  void ignoredRowsHaveNoPart() {
    Tensor two = Tensor.cat(0, S.slice(0, 0, 2), S.slice(0, 3, 4));
    double expected = Losses.crossEntropy(two, labels(4, 0, 2)).item();
    CrossEntropyLoss loss = new CrossEntropyLoss().ignoreIndex(-7);
    assertEquals(expected, loss.of(S, LABELS).item(), 1e-15);
    assertEquals(0, loss.reduction(Reduction.NONE).of(S, LABELS).get(2));
    Parameter s = S.requiresGrad();
    loss.of(s, LABELS).backward();
    assertEquals(0, Objects.requireNonNull(s.grad()).pick(0, 2).abs().sum().item());
  }

  /** PyTorch's answer: 0 divided by 0, and no gradient. */
  @Test
  void allRowsIgnored() {
    Tensor none = labels(-100, -100, -100, -100);
    Parameter s = S.requiresGrad();
    Tensor mean = Losses.crossEntropy(s, none);
    assertTrue(Double.isNaN(mean.item()));
    mean.backward();
    assertEquals(0, Objects.requireNonNull(s.grad()).abs().sum().item());
    assertEquals(0, new CrossEntropyLoss().reduction(Reduction.SUM).of(S, none).item());
  }

  @Test
  void hugeLogitsStayFinite() {
    Tensor huge = Tensor.of(new float[][] {{1e4f, -1e4f}, {-1e4f, 1e4f}});
    assertEquals(1e4f, Losses.crossEntropy(huge, labels(1, 1)).item());
    assertEquals(
        1e3f, new CrossEntropyLoss().labelSmoothing(0.1).of(huge, labels(0, 1)).item(), 1e-3);
    Tensor y = Tensor.of(new float[][] {{0, 1}, {1, 0}});
    Parameter s = huge.requiresGrad();
    Tensor loss = new BCEWithLogitsLoss().posWeight(Tensor.of(2f, 3f)).of(s, y);
    assertEquals((1e4 + 3e4 + 2e4 + 1e4) / 4, loss.item());
    loss.backward();
    assertTrue(Objects.requireNonNull(s.grad()).allFinite());
  }

  @Test
  void wrongLabelsAndWeightsAreNamed() {
    var e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> Losses.crossEntropy(IMAGE, labels(0, 0, 0, 0, 0, 0, 3, 0).reshape(2, 2, 2)));
    assertEquals(
        "crossEntropy: row 1, 1, 0 has label 3, but there are 3 classes, 0 to 2", e.getMessage());
    var w =
        assertThrows(
            ShapeException.class,
            () -> new CrossEntropyLoss().weight(Tensor.of(1.0)).of(S, labels(4, 0, 1, 2)));
    assertEquals(
        "crossEntropy: needs a weight of F64 for each of 5 classes, got F64 1", w.getMessage());
    assertThrows(DTypeException.class, () -> Losses.nll(S, Tensor.zeros(4)));
    assertThrows(IllegalArgumentException.class, () -> new HuberLoss().delta(0));
    assertThrows(IllegalArgumentException.class, () -> new CrossEntropyLoss().labelSmoothing(2));
  }

  @Test
  void aVarianceBelowEpsStillLearns() {
    Parameter v = Tensor.of(1e-9).requiresGrad();
    new GaussianNLLLoss().of(Tensor.of(1.0), Tensor.of(1.0), v).backward();
    assertEquals(0.5e6, Objects.requireNonNull(v.grad()).item(), 1e-3);
    assertThrows(
        IllegalArgumentException.class,
        () -> new GaussianNLLLoss().of(Tensor.of(1.0), Tensor.of(1.0), Tensor.of(-1.0)));
  }

  /** Three times, labels "1 2" and blank 0: the ways are 112, 122, 012, 102 and 120. */
  @Test
  void ctcSumsAllWays() {
    Tensor logs = Tensor.randn(DType.F64, new Philox(5), 3, 1, 3).logSoftmax(2);
    double[] p = logs.exp().toDoubleArray();
    double sum = 0;
    for (int[] way : new int[][] {{1, 1, 2}, {1, 2, 2}, {0, 1, 2}, {1, 0, 2}, {1, 2, 0}}) {
      sum += p[way[0]] * p[3 + way[1]] * p[6 + way[2]];
    }
    CTCLoss ctc = new CTCLoss().reduction(Reduction.SUM);
    double loss = ctc.of(logs, labels(1, 2), new int[] {3}, new int[] {2}).item();
    assertEquals(-Math.log(sum), loss, 1e-14);
    assertEquals(
        loss / 2, new CTCLoss().of(logs, labels(1, 2), new int[] {3}, new int[] {2}).item());
  }

  @Test
  void ctcGradient() {
    Tensor x = Tensor.randn(DType.F64, new Philox(6), 6, 3, 4);
    Tensor rows = labels(1, 1, 3, 2, 1, 2, 3, 0, 0).reshape(3, 3);
    int[] times = {6, 5, 4};
    int[] lengths = {3, 3, 0};
    CTCLoss ctc = new CTCLoss();
    UnaryOperator<Tensor> loss = in -> ctc.of(in.logSoftmax(2), rows, times, lengths);
    Parameter leaf = x.requiresGrad();
    loss.apply(leaf).backward();
    double[] g = Objects.requireNonNull(leaf.grad()).toDoubleArray();
    for (int i = 0; i < g.length; i++) {
      double[] step = new double[g.length];
      step[i] = 0x1p-13;
      Tensor h = Tensor.of(step, 6, 3, 4);
      double rise = loss.apply(x.add(h)).item() - loss.apply(x.sub(h)).item();
      assertEquals(rise / 0x1p-12, g[i], 1e-8, "element " + i);
    }
    assertEquals(0, leaf.grad().pick(1, 2).slice(0, 4, 6).abs().sum().item());
  }

  @Test
  void ctcOfWhatCannotBe() {
    Tensor logs = Tensor.zeros(DType.F64, 2, 1, 3).logSoftmax(2);
    int[] two = {2};
    CTCLoss ctc = new CTCLoss();
    assertEquals(Double.POSITIVE_INFINITY, ctc.of(logs, labels(1, 1), two, two).item());
    Parameter x = logs.requiresGrad();
    Tensor zero = ctc.zeroInfinity(true).of(x, labels(1, 1), two, two);
    assertEquals(0, zero.item());
    zero.backward();
    assertEquals(0, Objects.requireNonNull(x.grad()).abs().sum().item());
    assertThrows(IndexOutOfBoundsException.class, () -> ctc.of(logs, labels(1, 3), two, two));
    assertThrows(IndexOutOfBoundsException.class, () -> ctc.of(logs, labels(1, 0), two, two));
    assertThrows(ShapeException.class, () -> ctc.of(logs, labels(1), two, two));
    Tensor loss = ctc.of(x, labels(1, 2), two, two);
    Tensor slope = Autograd.grad(loss, x, Autograd.createGraph());
    assertThrows(GraphException.class, () -> Autograd.grad(slope.square().sum(), x));
  }
}
