package chainrule.math;

/**
 * The elementwise functions of one argument that are compositions of others, a line each.
 *
 * <p>They have no derivative rule: their gradient of any order follows from what they are made of.
 * The lines exist so that the gradient check, the tests and the expression parser can enumerate them;
 * functions with parameters appear with their usual ones.
 */
// spotless:off
public enum Composite {
  /** {@code 1 − x}. */
  ONE_MINUS(Domain.REAL)                       { @Override public <E extends Num<E>> E of(E x) { return x.oneMinus(); } },
  /** {@code x·σ(x)}. */
  SILU(Domain.REAL)                            { @Override public <E extends Num<E>> E of(E x) { return x.silu(); } },
  /** {@code x·Φ(x)}. */
  GELU(Domain.REAL)                            { @Override public <E extends Num<E>> E of(E x) { return x.gelu(); } },
  /** GELU by way of tanh. */
  GELU_TANH(Domain.REAL)                       { @Override public <E extends Num<E>> E of(E x) { return x.geluTanh(); } },
  /** {@code x·tanh(softplus(x))}. */
  MISH(Domain.REAL)                            { @Override public <E extends Num<E>> E of(E x) { return x.mish(); } },
  /** Leaky ReLU with slope 0.01. */
  LEAKY_RELU(Domain.REAL.except(0))            { @Override public <E extends Num<E>> E of(E x) { return x.leakyRelu(0.01); } },
  /** ELU with α = 1. */
  ELU(Domain.REAL.except(0))                   { @Override public <E extends Num<E>> E of(E x) { return x.elu(1); } },
  /** CELU with α = 1.5. */
  CELU(Domain.REAL.except(0))                  { @Override public <E extends Num<E>> E of(E x) { return x.celu(1.5); } },
  /** Self-normalising ELU. */
  SELU(Domain.REAL.except(0))                  { @Override public <E extends Num<E>> E of(E x) { return x.selu(); } },
  /** x limited to [0, 6]. */
  RELU6(Domain.REAL.except(0, 6))              { @Override public <E extends Num<E>> E of(E x) { return x.relu6(); } },
  /** x limited to [−1, 1]. */
  HARDTANH(Domain.REAL.except(-1, 1))          { @Override public <E extends Num<E>> E of(E x) { return x.hardtanh(); } },
  /** x limited to [−2, 1.5]. */
  CLAMP(Domain.REAL.except(-2, 1.5))           { @Override public <E extends Num<E>> E of(E x) { return x.clamp(-2, 1.5); } },
  /** Piecewise linear sigmoid. */
  HARD_SIGMOID(Domain.REAL.except(-3, 3))      { @Override public <E extends Num<E>> E of(E x) { return x.hardSigmoid(); } },
  /** {@code x·hardSigmoid(x)}. */
  HARD_SWISH(Domain.REAL.except(-3, 3))        { @Override public <E extends Num<E>> E of(E x) { return x.hardSwish(); } },
  /** {@code x} above 0.5, else −1. */
  THRESHOLD(Domain.REAL.except(0.5))           { @Override public <E extends Num<E>> E of(E x) { return x.threshold(0.5, -1); } },
  /** {@code x} where |x| exceeds 0.5, else 0. */
  HARDSHRINK(Domain.REAL.except(-0.5, 0.5))    { @Override public <E extends Num<E>> E of(E x) { return x.hardshrink(0.5); } },
  /** {@code x} drawn towards 0 by 0.5. */
  SOFTSHRINK(Domain.REAL.except(-0.5, 0.5))    { @Override public <E extends Num<E>> E of(E x) { return x.softshrink(0.5); } },
  /** {@code x − tanh x}. */
  TANHSHRINK(Domain.REAL)                      { @Override public <E extends Num<E>> E of(E x) { return x.tanhshrink(); } },
  /** {@code x/(1 + |x|)}. */
  SOFTSIGN(Domain.REAL.except(0))              { @Override public <E extends Num<E>> E of(E x) { return x.softsign(); } },
  /** {@code ln σ(x)}. */
  LOG_SIGMOID(Domain.REAL)                     { @Override public <E extends Num<E>> E of(E x) { return x.logSigmoid(); } },
  /** {@code x + 0.3·(2 − x)}. */
  LERP(Domain.REAL)                            { @Override public <E extends Num<E>> E of(E x) { return x.lerp(x.constant(2), 0.3); } };
  // spotless:on

  private final Domain domain;

  Composite(Domain domain) {
    this.domain = domain;
  }

  /** The function of {@code x}. */
  public abstract <E extends Num<E>> E of(E x);

  /** Where the function is smooth. */
  public Domain domain() {
    return domain;
  }

  /** The function's name as it is called in code. */
  public String call() {
    return Names.camel(name());
  }
}
