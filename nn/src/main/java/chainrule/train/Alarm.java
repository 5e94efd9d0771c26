package chainrule.train;

/**
 * Something wrong with how a layer learns, and what to try.
 *
 * @param trouble what kind
 * @param layer the layer's path
 * @param finding what was measured, a sentence
 * @param remedy what to try
 */
public record Alarm(Trouble trouble, String layer, String finding, String remedy) {
  /** What can be wrong. */
  public enum Trouble {
    /** The error signal is lost on the way back. */
    VANISHING,
    /** The error signal grows on the way back. */
    EXPLODING,
    /** Units of a ReLU that are off for every row, and learn nothing. */
    DEAD,
    /** Units at the flat ends of tanh or σ, where the slope is nearly 0. */
    SATURATED,
    /** Steps too small to change the weights. */
    UPDATE_SMALL,
    /** Steps that rewrite the weights. */
    UPDATE_LARGE
  }

  @Override
  public String toString() {
    return "%s: %s Try: %s".formatted(layer, finding, remedy);
  }
}
