package chainrule.tensor;

/**
 * A named value that is part of a model's state but is not trained, such as the running statistics
 * of batch normalisation.
 *
 * <p>A training forward pass updates it; the recomputation of a checkpoint and gradient checks do
 * not.
 */
public final class Buffer {
  private final String name;
  private Tensor value;

  /** A buffer that starts at {@code initial}. */
  public Buffer(String name, Tensor initial) {
    this.name = name;
    this.value = initial.detach();
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The present value. */
  public Tensor value() {
    return value;
  }

  /** Replaces the value, unless the forward pass is only a recomputation or a check. */
  public void update(Tensor next) {
    if (!Tape.mode().frozenBuffers()) {
      set(next);
    }
  }

  /** Replaces the value, as loading does. */
  public void set(Tensor next) {
    if (!next.shape().equals(value.shape()) || next.dtype() != value.dtype()) {
      throw new ShapeException(
          "buffer "
              + name
              + " is "
              + value.dtype()
              + " "
              + value.shape()
              + " and cannot become "
              + next.dtype()
              + " "
              + next.shape());
    }
    value = next.detach();
  }
}
