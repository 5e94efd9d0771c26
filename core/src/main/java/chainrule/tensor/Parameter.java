package chainrule.tensor;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A leaf of the graph: a tensor whose value an optimizer may change and whose gradient {@link
 * Tensor#backward} collects.
 *
 * <p>A parameter stands wherever a tensor can. Its {@link #value} is a snapshot that later updates
 * do not touch; every update raises {@link #version}, and a backward pass that would need an older
 * value refuses with a readable message.
 *
 * <p>While an optimizer updates it, other threads may ask for the value but not compute with the
 * parameter itself.
 */
public final class Parameter extends Tensor {
  private final Node leaf;
  private final Lease lease = new Lease();
  private String name;
  private @Nullable Tensor grad;
  private int version;

  Parameter(Tensor value, String name) {
    super(value.dtype(), value.shape(), value.share());
    if (!value.dtype().isFloating()) {
      throw new DTypeException("only F32 and F64 tensors have gradients, not " + value.dtype());
    }
    this.name = name;
    this.leaf = new Node(this);
    this.node = leaf;
  }

  /** A parameter that starts at a copy of {@code value}. */
  public static Parameter of(String name, Tensor value) {
    return new Parameter(value, name);
  }

  /** The present value, which later updates leave alone. */
  public Tensor value() {
    return new Tensor(dtype(), shape(), share());
  }

  @Override
  Object array() {
    Capture.refuseToLook();
    return super.array();
  }

  @Override
  Object share() {
    Capture capture = Tape.mode().capture();
    if (capture != null) {
      Capture.Cell own = cell();
      return own != null ? own : capture.cellOf(this);
    }
    lease.hold();
    try {
      lease.lend();
      return array();
    } finally {
      lease.release();
    }
  }

  /** Whether the array may be rewritten; to be held around an update. */
  Lease lease() {
    return lease;
  }

  /** The array has been rewritten, or a new one that nobody has seen takes its place. */
  void updated(Object newData) {
    replace(newData);
    lease.renew();
    version++;
  }

  /**
   * Replaces the value.
   *
   * @throws ShapeException if shape or type differ from the present ones
   */
  public void set(Tensor value) {
    if (!value.shape().equals(shape()) || value.dtype() != dtype()) {
      throw new ShapeException(
          label()
              + " is "
              + dtype()
              + " "
              + shape()
              + " and cannot become "
              + value.dtype()
              + " "
              + value.shape());
    }
    Capture capture = Tape.mode().capture();
    if (capture != null) {
      if (cell() != null) {
        throw new GraphException(
            label() + " is made inside the step that is being compiled, and cannot be set");
      }
      capture.add(new Step.Assigned(this, value));
      return;
    }
    Object data = value.share();
    lease.hold();
    try {
      replace(data);
      lease.lend();
      version++;
    } finally {
      lease.release();
    }
  }

  /** The gradient collected so far; null if none has arrived since the last {@link #zeroGrad}. */
  public @Nullable Tensor grad() {
    Capture capture = Tape.mode().capture();
    return capture != null ? capture.gradient(this) : grad;
  }

  /** Replaces the collected gradient, as clipping does; a graph behind it is not kept. */
  public void grad(@Nullable Tensor gradient) {
    if (gradient != null && (!gradient.shape().equals(shape()) || gradient.dtype() != dtype())) {
      throw new ShapeException(
          "a gradient of "
              + gradient.dtype()
              + " "
              + gradient.shape()
              + " for "
              + label()
              + " of "
              + dtype()
              + " "
              + shape());
    }
    collected(gradient == null ? null : gradient.detach());
  }

  /** Forgets the collected gradient. */
  public void zeroGrad() {
    collected(null);
  }

  void accumulate(Tensor gradient) {
    Tensor before = grad();
    collected(before == null ? gradient.detach() : Tape.noGrad(() -> before.add(gradient)));
  }

  /** What a step that is being compiled collects is its own. */
  private void collected(@Nullable Tensor gradient) {
    Capture capture = Tape.mode().capture();
    if (capture != null) {
      capture.gradient(this, gradient);
    } else {
      grad = gradient;
    }
  }

  /** How often the value has been replaced. */
  public int version() {
    Capture capture = Tape.mode().capture();
    return capture == null ? version : version + capture.updates(this);
  }

  /** Copies the present numbers. */
  void copyTo(Tensor to) {
    System.arraycopy(array(), 0, to.array(), 0, size());
  }

  /** Takes over numbers, into a new array if somebody may have the present one. */
  void copyFrom(Tensor from) {
    lease.hold();
    try {
      Object to = lease.lent() ? dtype().allocate(size()) : array();
      System.arraycopy(from.array(), 0, to, 0, size());
      updated(to);
    } finally {
      lease.release();
    }
  }

  /** The name, such as {@code fc1.weight}; empty if none was given. */
  public String name() {
    return name;
  }

  /** Gives the parameter a name. */
  public Parameter name(String newName) {
    name = Objects.requireNonNull(newName);
    return this;
  }

  /** Whether gradients are computed for it. */
  public boolean trainable() {
    return node != null;
  }

  /** Switches gradients on or off; off, it is a constant to every computation that follows. */
  public Parameter trainable(boolean on) {
    node = on ? leaf : null;
    return this;
  }

  /** What messages call it. */
  String label() {
    return name.isEmpty() ? "a parameter of shape " + shape() : "parameter " + name;
  }

  @Override
  public String toString() {
    return name.isEmpty() ? super.toString() : "parameter " + name;
  }
}
