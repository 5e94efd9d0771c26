package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final Tensor SIGNS = Tensor.of(1.0, -1.0, 1.0, -1.0);

  private static double[] gradient(Loss loss, Tensor at, Tensor target) {
    Parameter x = at.requiresGrad();
    loss.of(x, target).backward();
    return Objects.requireNonNull(x.grad()).toDoubleArray();
  }

  private static void checkGradient(Loss loss, Tensor at, Tensor target) {
    var report = GradCheck.check(x -> loss.of(x.getFirst(), target), List.of(at));
    assertTrue(report.passed(), report::toString);
  }

  @Test
  void meanSquaredError() {
    Tensor y = Tensor.of(1.0, 2.0);
    Tensor t = Tensor.of(0.0, 4.0);
    assertEquals(2.5, Losses.mse(y, t).item());
    assertArrayEquals(new double[] {1, -2}, gradient(Losses::mse, y, t));
    checkGradient(Losses::mse, y, t);
  }

  @Test
  void crossEntropyAtChanceIsTheLogarithmOfTheClasses() {
    for (int classes : new int[] {10, 27, 65}) {
      Tensor logits = Tensor.zeros(DType.F64, 3, classes);
      double loss = Losses.crossEntropy(logits, Tensor.of(new int[] {0, 5, 9}, 3)).item();
      assertEquals(Math.log(classes), loss, 1e-14);
    }
    assertEquals(2.302585, Math.log(10), 5e-7);
    assertEquals(3.295837, Math.log(27), 5e-7);
    assertEquals(4.174387, Math.log(65), 5e-7);
  }

  @Test
  void crossEntropyGradientIsProbabilityMinusOneHot() {
    Tensor logits = Tensor.of(new double[] {.2, .3, .5}, 1, 3).log();
    Tensor label = Tensor.of(new int[] {1}, 1);
    assertEquals(-Math.log(0.3), Losses.crossEntropy(logits, label).item(), 1e-15);
    assertArrayEquals(
        new double[] {.2, -.7, .5}, gradient(Losses::crossEntropy, logits, label), 1e-15);
    Tensor many = Tensor.randn(DType.F64, new Philox(1), 4, 5);
    Tensor labels = Tensor.of(new int[] {4, 0, 2, 2}, 4);
    checkGradient(Losses::crossEntropy, many, labels);
    Tensor closed = many.softmax(1).sub(labels.oneHot(5, DType.F64)).div(4);
    assertArrayEquals(closed.toDoubleArray(), gradient(Losses::crossEntropy, many, labels), 1e-15);
  }

  @Test
  void crossEntropyOfHugeLogitsIsFinite() {
    Tensor logits = Tensor.of(new float[][] {{1000, -1000}, {-1000, 1000}});
    assertEquals(1000, Losses.crossEntropy(logits, Tensor.of(new int[] {0, 0}, 2)).item());
  }

  @Test
  void crossEntropyNamesTheWrongLabel() {
    Tensor logits = Tensor.zeros(3, 10);
    var e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> Losses.crossEntropy(logits, Tensor.of(new int[] {1, 2, 10}, 3)));
    assertEquals(
        "crossEntropy: row 2 has label 10, but there are 10 classes, 0 to 9", e.getMessage());
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> Losses.crossEntropy(logits, Tensor.of(new int[] {1, -1, 1}, 3)));
    var shape =
        assertThrows(
            ShapeException.class,
            () -> Losses.crossEntropy(logits, Tensor.of(new int[] {1, 2}, 2)));
    assertEquals(
        "crossEntropy: needs n×classes logits and n labels, got 3×10 and 2", shape.getMessage());
    assertThrows(DTypeException.class, () -> Losses.crossEntropy(logits, Tensor.zeros(3)));
  }

  @Test
  void binaryCrossEntropy() {
    Tensor p = Tensor.of(0.9, 0.2, 0.5, 0.6);
    Tensor y = Tensor.of(1.0, 0.0, 0.3, 1.0);
    double expected = -(Math.log(0.9) + Math.log(0.8) + Math.log(0.5) + Math.log(0.6)) / 4;
    assertEquals(expected, Losses.bce(p, y).item(), 1e-15);
    checkGradient(Losses::bce, p, y);
  }

  /** At probabilities 0 and 1: log clamped at −100, slope as if p(1 − p) were at least 1e-12. */
  @Test
  void binaryCrossEntropyIsClampedAsInTorch() {
    Tensor p = Tensor.of(0f, 1f, 0f, 1f);
    Tensor y = Tensor.of(1f, 0f, 0f, 1f);
    assertEquals(50, Losses.bce(p, y).item());
    assertArrayEquals(
        new double[] {-0.25e12, 0.25e12, 0, 0}, gradient(Losses::bce, p, y), 0.25e12 * 1e-6);
    Tensor tiny = Tensor.of(1e-45f, 1e-40f);
    Tensor one = Tensor.ones(2);
    assertEquals((100 - Math.log(1e-40)) / 2, Losses.bce(tiny, one).item(), 1e-3);
    for (double g : gradient(Losses::bce, tiny, one)) {
      assertEquals(-0.5e12, g, 0.5e12 * 1e-6);
    }
  }

  @Test
  void binaryCrossEntropyOfLogits() {
    Tensor s = Tensor.of(2.0, -1.5, 0.0, 0.7);
    Tensor y = Tensor.of(1.0, 0.0, 0.3, 1.0);
    assertEquals(Losses.bce(s.sigmoid(), y).item(), Losses.bceWithLogits(s, y).item(), 1e-15);
    checkGradient(Losses::bceWithLogits, s, y);
    Tensor huge = Tensor.of(1000f, -1000f, 1000f, -1000f);
    Tensor t = Tensor.of(1f, 0f, 0f, 1f);
    assertEquals(500, Losses.bceWithLogits(huge, t).item());
    assertArrayEquals(new double[] {0, 0, 0.25, -0.25}, gradient(Losses::bceWithLogits, huge, t));
  }

  @Test
  void hinge() {
    Tensor s = Tensor.of(2.0, -0.5, 0.25, 3.0);
    assertEquals((0 + 0.5 + 0.75 + 4) / 4, Losses.hinge(s, SIGNS).item(), 1e-15);
    assertArrayEquals(
        new double[] {0, 0.25, -0.25, 0.25}, gradient(Losses::hinge, s, SIGNS), 1e-15);
    checkGradient(Losses::hinge, s, SIGNS);
  }

  @Test
  void shapesAndDtypesMustAgree() {
    for (Loss loss :
        List.<Loss>of(Losses::mse, Losses::bce, Losses::bceWithLogits, Losses::hinge)) {
      var e =
          assertThrows(ShapeException.class, () -> loss.of(Tensor.zeros(4, 1), Tensor.zeros(4)));
      assertTrue(
          e.getMessage().endsWith("prediction 4×1 and target 4 must have the same shape"),
          e.getMessage());
      assertThrows(
          DTypeException.class, () -> loss.of(Tensor.zeros(4), Tensor.zeros(DType.F64, 4)));
    }
  }
}
