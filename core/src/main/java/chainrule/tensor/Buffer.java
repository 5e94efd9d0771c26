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
  private final Lease lease = new Lease();
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
    Capture capture = Tape.mode().capture();
    if (capture != null) {
      return capture.read(this);
    }
    lease.hold();
    try {
      lease.lend();
      return value;
    } finally {
      lease.release();
    }
  }

  DType dtype() {
    return value.dtype();
  }

  Shape shape() {
    return value.shape();
  }

  /** The present array, to be read or rewritten while {@link #lease} is held. */
  Object array() {
    return value.array();
  }

  /** Whether the array may be rewritten; to be held around an update. */
  Lease lease() {
    return lease;
  }

  /** The array has been rewritten, or a new one that nobody has seen takes its place. */
  @SuppressWarnings("ReferenceEquality") // the very array
  void updated(Object newData) {
    if (newData != value.array()) {
      value = new Tensor(value.dtype(), value.shape(), newData);
    }
    lease.renew();
  }

  /** Copies the present numbers. */
  void copyTo(Tensor to) {
    lease.hold();
    try {
      System.arraycopy(value.array(), 0, to.array(), 0, to.size());
    } finally {
      lease.release();
    }
  }

  /** Takes over numbers, into a new array if somebody may have the present one. */
  void copyFrom(Tensor from) {
    lease.hold();
    try {
      Object to = lease.lent() ? from.dtype().allocate(from.size()) : value.array();
      System.arraycopy(from.array(), 0, to, 0, from.size());
      updated(to);
    } finally {
      lease.release();
    }
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
    Capture capture = Tape.mode().capture();
    if (capture != null) {
      capture.add(new Step.Written(this, next));
      return;
    }
    Tensor own = next.detach();
    lease.hold();
    try {
      value = own;
      lease.lend();
    } finally {
      lease.release();
    }
  }
}
