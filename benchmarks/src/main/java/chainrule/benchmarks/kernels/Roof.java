package chainrule.benchmarks.kernels;

/** What limits a kernel, and so what its speed is compared with. */
public enum Roof {
  /** Fused multiply-adds in F32: work counts floating-point operations. */
  FMA_F32("GFLOPS"),
  /** Fused multiply-adds in F64: work counts floating-point operations. */
  FMA_F64("GFLOPS"),
  /** Moving bytes: work counts those that must be read and those that must be written. */
  COPY("GB/s");

  private final String unit;

  Roof(String unit) {
    this.unit = unit;
  }

  /** The unit of a speed, work over nanoseconds. */
  public String unit() {
    return unit;
  }
}
