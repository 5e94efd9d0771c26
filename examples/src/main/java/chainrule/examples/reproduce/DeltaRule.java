package chainrule.examples.reproduce;

import chainrule.math.Num;
import chainrule.optim.UpdateRule;
import java.util.List;

/**
 * The generalized delta rule, {@code Δw(t) = −ε ∂E/∂w + α Δw(t − 1)}, with weights that decay:
 * Rumelhart, Hinton and Williams (1986), equation 9.
 *
 * @param lr ε
 * @param momentum α
 * @param decay the share of every weight that is lost at each update
 */
record DeltaRule(double lr, double momentum, double decay) implements UpdateRule {
  @Override
  public DeltaRule lr(double lr) {
    return new DeltaRule(lr, momentum, decay);
  }

  @Override
  public List<String> slots() {
    return List.of("change");
  }

  @Override
  public int scalars() {
    return 3;
  }

  @Override
  public void scalars(long t, double[] into) {
    into[0] = lr;
    into[1] = momentum;
    into[2] = 1 - decay;
  }

  @Override
  public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
    E change = state.getFirst().mul(scalars.get(1)).sub(g.mul(scalars.get(0)));
    return List.of(p.add(change).mul(scalars.get(2)), change);
  }
}
