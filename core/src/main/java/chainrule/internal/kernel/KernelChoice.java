package chainrule.internal.kernel;

import java.util.ServiceLoader;
import java.util.StringJoiner;

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
    StringJoiner hindered = new StringJoiner("; ");
    if (!wanted.equals("scalar")) {
      for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
        String hindrance = provider.hindrance();
        if (hindrance != null) {
          hindered.add("no " + provider.name() + " kernels, since " + hindrance);
        } else if (wanted.isEmpty() || wanted.equals(provider.name())) {
          chosen = provider;
        }
      }
    }
    if (chosen != null) {
      F32 = chosen.f32();
      F64 = chosen.f64();
      REASON = chosen.name() + ": " + chosen.about();
    } else if (wanted.isEmpty() || wanted.equals("scalar")) {
      F32 = new ScalarF32();
      F64 = new ScalarF64();
      REASON =
          "scalar: "
              + (wanted.equals("scalar")
                  ? "asked for by -Dchainrule.kernels=scalar"
                  : hindered.length() > 0
                      ? "plain Java loops; " + hindered
                      : "plain Java loops; no other kernels are on the path");
    } else {
      throw new IllegalStateException(
          "-Dchainrule.kernels="
              + wanted
              + (hindered.length() > 0
                  ? ": " + hindered
                  : ": no such kernels on the module path or class path; use scalar, or leave it"
                      + " out"));
    }
  }

  private KernelChoice() {}
}
