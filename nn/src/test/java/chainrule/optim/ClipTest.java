package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClipTest {
  private final Parameter a = Tensor.of(0.0, 0.0).requiresGrad();
  private final Parameter b = Tensor.of(0.0).requiresGrad();
  private final Parameter apart = Tensor.of(0.0).requiresGrad();

  private void gradients(double a0, double a1, double b0) {
    a.mul(Tensor.of(a0, a1)).sum().add(b.mul(b0).sum()).backward();
  }

  private static double[] grad(Parameter p) {
    return Objects.requireNonNull(p.grad()).toDoubleArray();
  }

  @Test
  void theJointNormIsLimited() {
    gradients(3, 0, -4);
    assertEquals(5, Clip.norm(List.of(a, b, apart), 1).item(), 1e-15);
    double factor = 1 / (5 + 1e-6);
    assertArrayEquals(new double[] {3 * factor, 0}, grad(a), 1e-15);
    assertArrayEquals(new double[] {-4 * factor}, grad(b), 1e-15);
    assertNull(apart.grad());
  }

  @Test
  void aSmallNormIsLeft() {
    gradients(3, 0, -4);
    assertEquals(5, Clip.norm(List.of(a, b), 10).item(), 1e-15);
    assertArrayEquals(new double[] {3, 0}, grad(a));
  }

  @Test
  void anInfiniteNormIsToldAndLeft() {
    gradients(Double.POSITIVE_INFINITY, 1, 1);
    assertEquals(Double.POSITIVE_INFINITY, Clip.norm(List.of(a, b), 1).item());
    assertArrayEquals(new double[] {1}, grad(b));
  }

  @Test
  void elementsAreLimited() {
    gradients(3, 0.5, -4);
    Clip.value(List.of(a, b, apart), 1);
    assertArrayEquals(new double[] {1, 0.5}, grad(a));
    assertArrayEquals(new double[] {-1}, grad(b));
  }

  @Test
  void limitsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> Clip.norm(List.of(a), -1));
    assertThrows(IllegalArgumentException.class, () -> Clip.value(List.of(a), Double.NaN));
  }
}
