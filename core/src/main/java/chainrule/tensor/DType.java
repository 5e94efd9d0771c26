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

  Object allocate(int n) {
    return switch (this) {
      case F32 -> new float[n];
      case F64 -> new double[n];
      case I32 -> new int[n];
    };
  }
}
