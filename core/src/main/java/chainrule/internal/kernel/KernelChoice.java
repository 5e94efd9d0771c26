package chainrule.internal.kernel;

import java.util.ServiceLoader;

/** Chooses the kernels of this process, once. */
public final class KernelChoice {
  /** The kernels for 32-bit floating point. */
  public static final Kernels<float[]> F32;

  /** The kernels for 64-bit floating point. */
  public static final Kernels<double[]> F64;

  /** Which kernels run, and why: for people. */
  public static final String REASON;

  static {
    Fma.require();
    String wanted = System.getProperty("chainrule.kernels", "");
    KernelProvider chosen = null;
    if (!wanted.equals("scalar")) {
      for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
        chosen = provider;
      }
    }
    if (chosen != null) {
      F32 = chosen.f32();
      F64 = chosen.f64();
      REASON = chosen.name() + ": provided by " + chosen.getClass().getModule();
    } else if (wanted.isEmpty() || wanted.equals("scalar")) {
      F32 = new ScalarF32();
      F64 = new ScalarF64();
      REASON =
          wanted.isEmpty()
              ? "scalar: plain Java loops; no other kernels are on the path"
              : "scalar: asked for by -Dchainrule.kernels=scalar";
    } else {
      throw new IllegalStateException(
          "-Dchainrule.kernels="
              + wanted
              + ": no such kernels on the module path or class path; use scalar, or leave it out");
    }
  }

  private KernelChoice() {}
}
