package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParamGroupTest {
  private final Parameter a = Tensor.scalar(1.0).requiresGrad("a");
  private final Parameter b = Tensor.scalar(1.0).requiresGrad("b");

  private void backward() {
    a.zeroGrad();
    b.zeroGrad();
    a.mul(2).add(b.mul(2)).backward();
  }

  @Test
  void everyGroupHasItsOwnOptions() {
    SGD sgd = new SGD(List.of(a), SGD.options().lr(0.1));
    sgd.addParamGroup(List.of(b), SGD.options().lr(0.5).momentum(0.9));
    for (int i = 0; i < 2; i++) {
      backward();
      sgd.step();
    }
    assertEquals(1 - 0.1 * 2 - 0.1 * 2, a.item(), 1e-15);
    assertEquals(1 - 0.5 * 2 - 0.5 * (0.9 * 2 + 2), b.item(), 1e-15);
    assertEquals(List.of(a, b), sgd.parameters());
    assertEquals(0.1, sgd.lr());
    sgd.lr(0.3);
    assertEquals(0.3, sgd.paramGroups().get(1).lr());
  }

  @Test
  void theStateHasEveryGroupsRate() {
    Adam adam = new Adam(List.of(a), Adam.options().lr(0.1));
    adam.addParamGroup(List.of(b), Adam.options().lr(0.5));
    adam.paramGroups().get(1).lr(0.2);
    adam.paramGroups().get(1).momentum(0.7);
    Adam again = new Adam(List.of(a), Adam.options());
    again.addParamGroup(List.of(b), Adam.options());
    again.loadStateDict(adam.stateDict());
    assertEquals(0.1, again.lr());
    assertEquals(0.2, again.paramGroups().get(1).lr());
    assertEquals(0.7, again.paramGroups().get(1).momentum());
    assertEquals(0.9, again.paramGroups().get(0).momentum());
  }

  @Test
  void momentumCanMove() {
    SGD sgd = new SGD(List.of(a), SGD.options().lr(1).momentum(0.9));
    backward();
    sgd.step();
    sgd.paramGroups().getFirst().momentum(0.5);
    backward();
    sgd.step();
    assertEquals(1 - 2 - (0.5 * 2 + 2), a.item(), 1e-15);
    ParamGroup plain = new SGD(List.of(a)).paramGroups().getFirst();
    assertFalse(plain.hasMomentum());
    assertThrows(IllegalArgumentException.class, () -> plain.momentum(0.5));
    assertThrows(IllegalArgumentException.class, () -> sgd.paramGroups().getFirst().momentum(1));
  }

  @Test
  void aParameterStandsInOneGroup() {
    Adam adam = new Adam(List.of(a));
    var twice =
        assertThrows(
            IllegalArgumentException.class, () -> adam.addParamGroup(List.of(a), Adam.options()));
    assertEquals(
        "addParamGroup: a parameter of shape (), a, is in a group already", twice.getMessage());
    var other =
        assertThrows(
            IllegalArgumentException.class, () -> adam.addParamGroup(List.of(b), SGD.options()));
    assertEquals("addParamGroup: SGD.Options in an optimizer of Adam.Options", other.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new SGD(List.of(a)).addParamGroup(List.of(b), SGD.options().nesterov(true)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LBFGS(List.of(a)).addParamGroup(List.of(b), LBFGS.options()));
  }

  /** An optimizer of one's own: steps along the sign. */
  private record SignDescent(double lr) implements UpdateRule {
    @Override
    public SignDescent lr(double lr) {
      return new SignDescent(lr);
    }

    @Override
    public int scalars() {
      return 1;
    }

    @Override
    public void scalars(long t, double[] into) {
      into[0] = lr / t;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      return List.of(p.sub(g.sign().mul(scalars.getFirst())));
    }
  }

  @Test
  void aRuleIsAnOptimizer() {
    var own = new ElementwiseOptimizer(List.of(a, b), new SignDescent(0.5));
    for (int i = 0; i < 2; i++) {
      backward();
      own.step();
    }
    assertEquals(1 - 0.5 - 0.25, a.item());
    assertTrue(own.stateDict().keySet().containsAll(List.of("lr", "0.step", "1.step")));
  }
}
