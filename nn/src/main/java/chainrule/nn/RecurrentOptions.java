package chainrule.nn;

/**
 * What {@link RNN}, {@link LSTM} and {@link GRU} can be told, with PyTorch's defaults.
 *
 * {@snippet :
 * var lstm = new LSTM(28, 128, RecurrentOptions.DEFAULT.layers(2).batchFirst(true));
 * }
 *
 * @param layers how many layers stand one on the other
 * @param bidirectional whether each layer also reads from the end, and gives both results
 * @param batchFirst whether sequences are N×T×… rather than T×N×…; states are not concerned
 * @param dropout with which probability a number is dropped on its way from layer to layer
 * @param bias whether there are biases
 */
public record RecurrentOptions(
    int layers, boolean bidirectional, boolean batchFirst, double dropout, boolean bias) {
  /** One layer, one direction, T×N×…, no dropout, biases. */
  public static final RecurrentOptions DEFAULT = new RecurrentOptions(1, false, false, 0, true);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if there is no layer or dropout is not in [0, 1]
   */
  public RecurrentOptions {
    Checks.positive("RecurrentOptions", "layers", layers);
    Checks.fraction("RecurrentOptions", "dropout", dropout);
  }

  /** With so many layers. */
  public RecurrentOptions layers(int n) {
    return new RecurrentOptions(n, bidirectional, batchFirst, dropout, bias);
  }

  /** With or without a second direction. */
  public RecurrentOptions bidirectional(boolean on) {
    return new RecurrentOptions(layers, on, batchFirst, dropout, bias);
  }

  /** With sequences of N×T×… or T×N×…. */
  public RecurrentOptions batchFirst(boolean on) {
    return new RecurrentOptions(layers, bidirectional, on, dropout, bias);
  }

  /** With this dropout between layers. */
  public RecurrentOptions dropout(double p) {
    return new RecurrentOptions(layers, bidirectional, batchFirst, p, bias);
  }

  /** With or without biases. */
  public RecurrentOptions bias(boolean on) {
    return new RecurrentOptions(layers, bidirectional, batchFirst, dropout, on);
  }

  /** How many ways a layer reads. */
  int directions() {
    return bidirectional ? 2 : 1;
  }
}
