package chainrule.nn;

/**
 * What {@link TransformerBlock} can be told, with PyTorch's defaults.
 *
 * {@snippet :
 * var options = TransformerOptions.DEFAULT.feedForward(256).normFirst(true).batchFirst(true);
 * var block = new TransformerBlock(64, 4, options.causal(true));
 * }
 *
 * @param feedForward the width between the two linear layers
 * @param dropout with which probability numbers and attention weights are dropped in training
 * @param activation {@code "relu"} or {@code "gelu"}
 * @param eps what layer norms add to the variance
 * @param batchFirst whether sequences are N×T×E rather than T×N×E
 * @param normFirst whether norms stand before what they feed (pre-norm) or behind the sums
 *     (post-norm)
 * @param causal whether position i sees positions 0 … i only, when nothing else is said
 * @param cross whether the block also attends to a second sequence
 */
public record TransformerOptions(
    int feedForward,
    double dropout,
    String activation,
    double eps,
    boolean batchFirst,
    boolean normFirst,
    boolean causal,
    boolean cross) {
  /** Width 2,048, dropout 0.1, ReLU, ε 1e-5, T×N×E, post-norm, an encoder's block. */
  public static final TransformerOptions DEFAULT =
      new TransformerOptions(2048, 0.1, "relu", 1e-5, false, false, false, false);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range, or the activation is another word
   */
  public TransformerOptions {
    Checks.positive("TransformerOptions", "feedForward", feedForward);
    Checks.fraction("TransformerOptions", "dropout", dropout);
    Checks.positive("TransformerOptions", "eps", eps);
    if (!activation.equals("relu") && !activation.equals("gelu")) {
      throw new IllegalArgumentException(
          "TransformerOptions: activation must be 'relu' or 'gelu', got '%s'"
              .formatted(activation));
    }
  }

  /** With this width between the two linear layers. */
  public TransformerOptions feedForward(int width) {
    return new TransformerOptions(
        width, dropout, activation, eps, batchFirst, normFirst, causal, cross);
  }

  /** With this dropout. */
  public TransformerOptions dropout(double p) {
    return new TransformerOptions(
        feedForward, p, activation, eps, batchFirst, normFirst, causal, cross);
  }

  /** With {@code "relu"} or {@code "gelu"}. */
  public TransformerOptions activation(String name) {
    return new TransformerOptions(
        feedForward, dropout, name, eps, batchFirst, normFirst, causal, cross);
  }

  /** With this ε. */
  public TransformerOptions eps(double to) {
    return new TransformerOptions(
        feedForward, dropout, activation, to, batchFirst, normFirst, causal, cross);
  }

  /** With sequences of N×T×E or T×N×E. */
  public TransformerOptions batchFirst(boolean on) {
    return new TransformerOptions(
        feedForward, dropout, activation, eps, on, normFirst, causal, cross);
  }

  /** Pre-norm or post-norm. */
  public TransformerOptions normFirst(boolean on) {
    return new TransformerOptions(
        feedForward, dropout, activation, eps, batchFirst, on, causal, cross);
  }

  /** With positions that see the past only, or all. */
  public TransformerOptions causal(boolean on) {
    return new TransformerOptions(
        feedForward, dropout, activation, eps, batchFirst, normFirst, on, cross);
  }

  /** With or without attention to a second sequence. */
  public TransformerOptions cross(boolean on) {
    return new TransformerOptions(
        feedForward, dropout, activation, eps, batchFirst, normFirst, causal, on);
  }
}
