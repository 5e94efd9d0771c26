package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.math.Real;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sequences that PyTorch's SGD gives on {@code p²/2} from p = 1, whose gradient is p. */
class SGDTest {
  private static void descend(SGD.Options options, double... expected) {
    Parameter p = Tensor.scalar(1.0).requiresGrad();
    SGD sgd = new SGD(List.of(p), options);
    for (double next : expected) {
      sgd.zeroGrad();
      p.square().mul(0.5).backward();
      sgd.step();
      assertEquals(next, p.item(), 1e-15);
    }
  }

  @Test
  void plain() {
    descend(SGD.options().lr(0.1), 0.9, 0.81, 0.729);
  }

  @Test
  void momentumStartsWithTheGradient() {
    descend(SGD.options().lr(0.1).momentum(0.9), 0.9, 0.72, 0.486);
  }

  @Test
  void nesterov() {
    descend(SGD.options().lr(0.1).momentum(0.9).nesterov(true), 0.81, 0.5751);
  }

  @Test
  void weightDecayJoinsTheGradient() {
    descend(SGD.options().lr(0.1).weightDecay(0.1), 0.89, 0.7921);
    descend(SGD.options().lr(0.1).weightDecay(0.1).momentum(0.5), 0.89, 0.7371);
  }

  @Test
  void theUpdateRunsOnPlainNumbers() {
    var scalars = List.of(new Real(0.1), new Real(0.9), new Real(1));
    var next =
        SGD.options().momentum(0.9).update(new Real(1), new Real(1), List.of(new Real(1)), scalars);
    assertEquals(1.9, next.get(1).value(), 1e-15);
    assertEquals(0.81, next.get(0).value(), 1e-15);
  }

  @Test
  void optionsAreChecked() {
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> SGD.options().lr(bad));
      assertThrows(IllegalArgumentException.class, () -> SGD.options().weightDecay(bad));
      assertThrows(IllegalArgumentException.class, () -> SGD.options().momentum(bad));
    }
    assertThrows(IllegalArgumentException.class, () -> SGD.options().momentum(1));
    var p = List.of(Tensor.scalar(1.0).requiresGrad());
    assertThrows(IllegalArgumentException.class, () -> new SGD(p, SGD.options().nesterov(true)));
  }
}
