package chainrule.benchmarks.peers;

/**
 * The weights that every engine starts a training from: one stream for each parameter, in the order
 * of creation, weight before bias; uniform within ±1/√fan-in, a matrix by rows of outputs.
 *
 * <p>The scales and shifts of norms are not drawn: they start at 1 and 0.
 */
public final class InitialWeights {
  private long stream = 1000;

  /** Those of a network whose first parameter comes next. */
  public InitialWeights() {}

  /** The next parameter, of {@code n} numbers. */
  public float[] next(int fanIn, int n) {
    float scale = (float) (1 / Math.sqrt(fanIn));
    float[] w = Generator.uniform(stream++, n);
    for (int i = 0; i < n; i++) {
      w[i] = (w[i] * 2 - 1) * scale;
    }
    return w;
  }
}
