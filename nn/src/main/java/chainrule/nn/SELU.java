package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * {@code y = λx} for x &gt; 0 and {@code λα(eˣ − 1)} otherwise, with λ = 1.0507… and α = 1.6732….
 * Source: Klambauer, Unterthiner, Mayr and Hochreiter, <i>Self-normalizing neural networks</i>,
 * 2017.
 */
public final class SELU extends Module {
  /** The function as a layer. */
  public SELU() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.selu();
  }
}
