package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/** A service that brings kernels faster than the scalar ones, with the same bits. */
public interface KernelProvider {
  /** The name that {@code -Dchainrule.kernels} selects. */
  String name();

  /** What they run on here, in a few words for people. */
  String about();

  /** Why they cannot run here; null if they can. */
  @Nullable String hindrance();

  /** Kernels over {@code float[]}. */
  Kernels<float[]> f32();

  /** Kernels over {@code double[]}. */
  Kernels<double[]> f64();
}
