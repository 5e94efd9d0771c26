package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LBFGSTest {
  private static final LBFGS.Options WOLFE =
      LBFGS.options().lineSearchFn(LBFGS.LineSearch.STRONG_WOLFE);

  /** Rosenbrock's valley, (1 − x)² + 100 (y − x²)². */
  private static double step(LBFGS lbfgs, Parameter x, Parameter y) {
    return lbfgs
        .step(
            () -> {
              lbfgs.zeroGrad();
              Tensor loss = x.oneMinus().square().add(y.sub(x.square()).square().mul(100)).sum();
              loss.backward();
              return loss;
            })
        .item();
  }

  @Test
  void findsTheBottomOfTheValley() {
    Parameter x = Tensor.of(-1.2).requiresGrad();
    Parameter y = Tensor.of(1.0).requiresGrad();
    LBFGS lbfgs = new LBFGS(List.of(x, y), WOLFE.maxIter(60).toleranceChange(1e-14));
    assertEquals(24.2, step(lbfgs, x, y), 1e-12);
    assertEquals(1, x.item(), 1e-6);
    assertEquals(1, y.item(), 1e-6);
  }

  @Test
  void threeAndThreeStepsAreSix() {
    for (LBFGS.Options options : List.of(WOLFE.maxIter(3), LBFGS.options().lr(1e-3).maxIter(3))) {
      Parameter x = Tensor.of(-1.2f).requiresGrad();
      Parameter y = Tensor.of(1f).requiresGrad();
      LBFGS straight = new LBFGS(List.of(x, y), options.historySize(2));
      for (int i = 0; i < 3; i++) {
        step(straight, x, y);
      }
      Parameter u = x.value().requiresGrad();
      Parameter v = y.value().requiresGrad();
      LBFGS again = new LBFGS(List.of(u, v), options.historySize(2));
      again.loadStateDict(straight.stateDict());
      for (int i = 0; i < 3; i++) {
        step(straight, x, y);
        step(again, u, v);
      }
      assertTrue(x.sameBits(u));
      assertTrue(y.sameBits(v));
    }
  }

  @Test
  void aStateThatDoesNotFitIsRefused() {
    Parameter x = Tensor.of(-1.2).requiresGrad();
    Parameter y = Tensor.of(1.0).requiresGrad();
    LBFGS lbfgs = new LBFGS(List.of(x, y), WOLFE);
    Map<String, Tensor> fresh = lbfgs.stateDict();
    step(lbfgs, x, y);
    Map<String, Tensor> dict = new HashMap<>(lbfgs.stateDict());
    dict.put("s", Tensor.zeros(DType.F64, 1, 3));
    dict.remove("t");
    var e = assertThrows(IllegalArgumentException.class, () -> lbfgs.loadStateDict(dict));
    assertTrue(e.getMessage().contains("'s' is F64 1×3"), e.getMessage());
    assertTrue(e.getMessage().contains("'t' is missing"), e.getMessage());
    lbfgs.loadStateDict(fresh);
    assertEquals(fresh.keySet(), lbfgs.stateDict().keySet());
  }

  @Test
  void whatItCannotDoIsSaid() {
    Parameter x = Tensor.of(1.0).requiresGrad();
    LBFGS lbfgs = new LBFGS(List.of(x));
    var e = assertThrows(UnsupportedOperationException.class, lbfgs::step);
    assertTrue(e.getMessage().contains("call step(closure)"));
    assertThrows(
        IllegalArgumentException.class, () -> new LBFGS(List.of(x, Tensor.of(1f).requiresGrad())));
  }

  @Test
  void frozenParametersStay() {
    Parameter x = Tensor.of(-1.2).requiresGrad();
    Parameter y = Tensor.of(1.0).requiresGrad();
    y.trainable(false);
    LBFGS lbfgs = new LBFGS(List.of(x, y), WOLFE);
    step(lbfgs, x, y);
    assertEquals(1, y.item());
    assertTrue(Math.abs(x.item() + 1.2) > 1e-3);
  }
}
