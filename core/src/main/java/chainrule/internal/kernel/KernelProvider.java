package chainrule.internal.kernel;

/** A service that brings kernels faster than the scalar ones, with the same bits. */
public interface KernelProvider {
  /** The name that {@code -Dchainrule.kernels} selects. */
  String name();

  /** Kernels over {@code float[]}. */
  Kernels<float[]> f32();

  /** Kernels over {@code double[]}. */
  Kernels<double[]> f64();
}
