package chainrule.nn;

/**
 * What {@link MultiHeadAttention} can be told, with PyTorch's defaults.
 *
 * {@snippet :
 * var attention = new MultiHeadAttention(64, 4, AttentionOptions.DEFAULT.batchFirst(true));
 * }
 *
 * @param keyWidth the width of keys, 0 for that of queries
 * @param valueWidth the width of values, 0 for that of queries
 * @param dropout with which probability a weight is dropped in training
 * @param bias whether the projections have biases
 * @param batchFirst whether sequences are N×T×… rather than T×N×…
 * @param causal whether position i sees positions 0 … i only, when nothing else is said
 */
public record AttentionOptions(
    int keyWidth,
    int valueWidth,
    double dropout,
    boolean bias,
    boolean batchFirst,
    boolean causal) {
  /** One width, no dropout, biases, T×N×…, every position sees all. */
  public static final AttentionOptions DEFAULT = new AttentionOptions(0, 0, 0, true, false, false);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a width is negative or dropout is not in [0, 1]
   */
  public AttentionOptions {
    if (keyWidth < 0 || valueWidth < 0) {
      throw new IllegalArgumentException(
          "AttentionOptions: widths of keys and values cannot be negative, got %d and %d"
              .formatted(keyWidth, valueWidth));
    }
    Checks.fraction("AttentionOptions", "dropout", dropout);
  }

  /** With keys and values of other widths than the queries'. */
  public AttentionOptions widths(int key, int value) {
    return new AttentionOptions(key, value, dropout, bias, batchFirst, causal);
  }

  /** With this dropout of weights. */
  public AttentionOptions dropout(double p) {
    return new AttentionOptions(keyWidth, valueWidth, p, bias, batchFirst, causal);
  }

  /** With or without biases. */
  public AttentionOptions bias(boolean on) {
    return new AttentionOptions(keyWidth, valueWidth, dropout, on, batchFirst, causal);
  }

  /** With sequences of N×T×… or T×N×…. */
  public AttentionOptions batchFirst(boolean on) {
    return new AttentionOptions(keyWidth, valueWidth, dropout, bias, on, causal);
  }

  /** With positions that see the past only, or all. */
  public AttentionOptions causal(boolean on) {
    return new AttentionOptions(keyWidth, valueWidth, dropout, bias, batchFirst, on);
  }
}
