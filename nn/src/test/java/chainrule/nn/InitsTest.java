package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import org.junit.jupiter.api.Test;

class InitsTest {
  private static final int OUT = 120;
  private static final int IN = 300;

  /** Mean, variance and range of 36,000 draws; the bounds are 5 standard errors wide. */
  private static void check(Init init, double variance, double bound) {
    Tensor w = init.draw(DType.F64, new Philox(11, "init/weight"), OUT, IN);
    double n = OUT * IN;
    double mean = w.mean().item();
    assertEquals(0, mean, 5 * Math.sqrt(variance / n));
    double kurtosis = Double.isInfinite(bound) ? 3 : 1.8;
    assertEquals(variance, w.square().mean().item(), 5 * variance * Math.sqrt((kurtosis - 1) / n));
    double largest = w.abs().max().item();
    assertTrue(largest <= bound);
    assertTrue(
        Double.isInfinite(bound) ? largest > 3.5 * Math.sqrt(variance) : largest > 0.99 * bound);
  }

  @Test
  void variancesAreThoseOfThePapers() {
    check(Inits.lecunNormal(), 1.0 / IN, Double.POSITIVE_INFINITY);
    check(Inits.lecunUniform(), 1.0 / IN, Math.sqrt(3.0 / IN));
    check(Inits.glorotNormal(), 2.0 / (IN + OUT), Double.POSITIVE_INFINITY);
    check(Inits.glorotUniform(), 2.0 / (IN + OUT), Math.sqrt(6.0 / (IN + OUT)));
    check(Inits.heNormal(), 2.0 / IN, Double.POSITIVE_INFINITY);
    check(Inits.heUniform(), 2.0 / IN, Math.sqrt(6.0 / IN));
    check(Inits.torchLinear(), 1.0 / 3 / IN, 1 / Math.sqrt(IN));
    check(Inits.normal(0, 0.3), 0.09, Double.POSITIVE_INFINITY);
    check(Inits.uniform(-2, 2), 4.0 / 3, 2);
  }

  @Test
  void fansOfKernelsCountTheKernel() {
    Tensor w = Inits.heUniform().draw(DType.F32, new Philox(1), 64, 8, 3, 3);
    double bound = Math.sqrt(6.0 / (8 * 9));
    assertTrue(w.abs().max().item() <= bound && w.abs().max().item() > 0.99 * bound);
    Tensor v = Inits.glorotUniform().draw(DType.F32, new Philox(1), 64, 8, 3, 3);
    double both = Math.sqrt(6.0 / (72 * 9));
    assertTrue(v.abs().max().item() <= both && v.abs().max().item() > 0.99 * both);
  }

  /** Ten layers of 100 units: He's scale keeps a rectified signal, LeCun's loses half each time. */
  @Test
  void heKeepsTheSignalThroughRectifiers() {
    Tensor x = Tensor.randn(DType.F64, new Philox(2), 200, 100);
    assertTrue(signal(x, Inits.heNormal()) > 0.3);
    assertTrue(signal(x, Inits.lecunNormal()) < 0.01);
  }

  private static double signal(Tensor x, Init init) {
    Tensor y = x;
    for (int i = 0; i < 10; i++) {
      Tensor w = init.draw(DType.F64, new Philox(3, "init/" + i), 100, 100);
      y = y.matmul(w, false, true).relu();
    }
    return y.square().mean().item();
  }

  @Test
  void constants() {
    assertEquals(0, Inits.zeros().draw(DType.F32, new Philox(0), 3).abs().max().item());
    assertEquals(2.5, Inits.constant(2.5).draw(DType.F64, new Philox(0), 3).min().item());
    assertEquals(DType.F32, Inits.normal(1, 0).draw(DType.F32, new Philox(0), 3).dtype());
    assertEquals(1, Inits.normal(1, 0).draw(DType.F32, new Philox(0), 3).max().item());
  }

  @Test
  void wrongUse() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Inits.heNormal().draw(DType.F32, new Philox(0), 16));
    assertEquals(
        "heNormal: a fan needs a weight of at least 2 dimensions, out × in, got 16",
        e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Inits.uniform(1, 0));
    assertThrows(IllegalArgumentException.class, () -> Inits.normal(0, -1));
    assertThrows(IllegalArgumentException.class, () -> Inits.normal(Double.NaN, 1));
  }
}
