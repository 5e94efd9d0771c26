package chainrule.tensor;

/** The type of a tensor's elements. */
public enum DType {
  /** 32-bit floating point: training. */
  F32(4),
  /** 64-bit floating point: checking and science. */
  F64(8),
  /** 32-bit integers: indices and labels. */
  I32(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of an element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers, which alone have gradients. */
  public boolean isFloating() {
    return this != I32;
  }

  /** The floating-point type that all operands of an operation share. */
  static DType common(Op op, DType... in) {
    for (DType d : in) {
      if (d != in[0]) {
        throw new DTypeException(
            op.name() + ": " + in[0] + " and " + d + " do not mix; convert one with to(DType)");
      }
    }
    if (!in[0].isFloating()) {
      throw new DTypeException(
          op.name() + ": I32 tensors are indices; convert to F32 or F64 with to(DType) to compute");
    }
    return in[0];
  }

  Object allocate(int n) {
    return switch (this) {
      case F32 -> new float[n];
      case F64 -> new double[n];
      case I32 -> new int[n];
    };
  }
}
