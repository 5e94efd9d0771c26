package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.math.Real;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamTest {
  private static final double[] GRADIENTS = {2, -1, 0.5, 3, 0};

  /** PyTorch's single-tensor form in plain doubles: corrected means, eps outside the root. */
  private static double[] reference(
      double lr, double b1, double b2, double eps, double l2, double decoupled) {
    double p = 1;
    double m = 0;
    double v = 0;
    double[] path = new double[GRADIENTS.length];
    for (int t = 1; t <= path.length; t++) {
      p *= 1 - lr * decoupled;
      double g = GRADIENTS[t - 1] + l2 * p;
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      double step = lr / (1 - Math.pow(b1, t));
      double denominator = Math.sqrt(v) / Math.sqrt(1 - Math.pow(b2, t)) + eps;
      p -= step * m / denominator;
      path[t - 1] = p;
    }
    return path;
  }

  private static void follow(Parameter p, Optimizer optimizer, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      optimizer.zeroGrad();
      p.mul(GRADIENTS[i]).backward();
      optimizer.step();
      assertEquals(expected[i], p.item(), 1e-14);
    }
  }

  @Test
  void theFirstStepIsTheLearningRate() {
    Parameter p = Tensor.scalar(1.0).requiresGrad();
    Adam adam = new Adam(List.of(p), Adam.options().lr(0.1));
    p.mul(2).backward();
    adam.step();
    assertEquals(1 - 0.1 * 2 / (2 + 1e-8), p.item(), 1e-15);
  }

  @Test
  void epsStandsOutsideTheRoot() {
    Parameter p = Tensor.scalar(0.0).requiresGrad();
    Adam adam = new Adam(List.of(p), Adam.options().lr(1).eps(1));
    p.mul(3).backward();
    adam.step();
    assertEquals(-0.75, p.item(), 1e-15);
  }

  @Test
  void fiveSteps() {
    Parameter p = Tensor.scalar(1.0).requiresGrad();
    var options = Adam.options().lr(0.01).betas(0.8, 0.95).eps(1e-3);
    follow(p, new Adam(List.of(p), options), reference(0.01, 0.8, 0.95, 1e-3, 0, 0));
  }

  @Test
  void weightDecayIsAnL2Penalty() {
    Parameter p = Tensor.scalar(1.0).requiresGrad();
    var options = Adam.options().lr(0.01).weightDecay(0.3);
    follow(p, new Adam(List.of(p), options), reference(0.01, 0.9, 0.999, 1e-8, 0.3, 0));
  }

  @Test
  void adamWDecouplesIt() {
    Parameter p = Tensor.scalar(1.0).requiresGrad();
    var options = AdamW.options().lr(0.01).weightDecay(0.3);
    follow(p, new AdamW(List.of(p), options), reference(0.01, 0.9, 0.999, 1e-8, 0, 0.3));
    assertEquals(0.01, AdamW.options().weightDecay());
  }

  @Test
  void theUpdateRunsOnPlainNumbers() {
    Adam.Options options = Adam.options().lr(0.1);
    double[] numbers = new double[options.scalars()];
    options.scalars(1, numbers);
    List<Real> scalars = Arrays.stream(numbers).mapToObj(Real::new).toList();
    Real zero = new Real(0);
    var next = options.update(new Real(1), new Real(2), List.of(zero, zero), scalars);
    assertEquals(0.9000000005, next.get(0).value(), 1e-15);
    assertEquals(0.2, next.get(1).value(), 1e-15);
    assertEquals(0.004, next.get(2).value(), 1e-15);
  }

  @Test
  void optionsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> Adam.options().lr(-1));
    assertThrows(IllegalArgumentException.class, () -> Adam.options().betas(1, 0.9));
    assertThrows(IllegalArgumentException.class, () -> Adam.options().betas(0.9, -0.1));
    assertThrows(IllegalArgumentException.class, () -> Adam.options().eps(Double.NaN));
    var e = assertThrows(IllegalArgumentException.class, () -> AdamW.options().weightDecay(-1));
    assertEquals("weightDecay must be finite and at least 0, got -1.0", e.getMessage());
  }
}
