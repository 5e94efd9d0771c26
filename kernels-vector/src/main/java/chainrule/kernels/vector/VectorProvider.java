package chainrule.kernels.vector;

import chainrule.internal.kernel.KernelProvider;
import chainrule.internal.kernel.Kernels;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Brings the vector kernels, where the Java virtual machine can make them fast. */
public final class VectorProvider implements KernelProvider {
  /** For the service loader. */
  public VectorProvider() {}

  @Override
  public String name() {
    return "vector";
  }

  /**
   * The Vector API must be there, and with it HotSpot's optimising compiler: without that compiler
   * every vector is an object on the heap.
   */
  @Override
  public @Nullable String hindrance() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return "the JVM was started without --add-modules jdk.incubator.vector";
    }
    String mode = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
    if (!mode.contains("mixed mode") || mode.contains("emulated-client")) {
      return "the JVM runs without its optimising compiler (" + mode + ")";
    }
    return null;
  }

  @Override
  public String about() {
    return VectorF32.width() + "-bit vectors through the Vector API";
  }

  @Override
  public Kernels<float[]> f32() {
    return new VectorF32();
  }

  @Override
  public Kernels<double[]> f64() {
    return new VectorF64();
  }
}
