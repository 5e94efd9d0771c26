package chainrule.autograd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operation has produced NaN or ∞ where {@link Anomaly} was watching. */
public final class AnomalyException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  private final String operation;
  private final String layer;
  private final boolean backward;
  private final double value;
  private final @Nullable StackTraceElement source;

  AnomalyException(
      String message,
      String operation,
      String layer,
      boolean backward,
      double value,
      @Nullable StackTraceElement source) {
    super(message);
    this.operation = operation;
    this.layer = layer;
    this.backward = backward;
    this.value = value;
    this.source = source;
  }

  /** The operation's name. */
  public String operation() {
    return operation;
  }

  /** The path of the layer in which it ran; empty outside of layers. */
  public String layer() {
    return layer;
  }

  /** Whether it was the operation's backward pass. */
  public boolean backward() {
    return backward;
  }

  /** What it produced: NaN, ∞ or −∞. */
  public double value() {
    return value;
  }

  /** The line of Java that called the operation, if it is known. */
  public Optional<StackTraceElement> source() {
    return Optional.ofNullable(source);
  }
}
