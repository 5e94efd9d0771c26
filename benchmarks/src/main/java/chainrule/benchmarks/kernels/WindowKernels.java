package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Windows;
import java.util.List;

/**
 * Convolution and pooling; dims of a convolution are batch × channels × size × filters × kernel, on
 * squares and without padding, those of pooling batch × channels × size × kernel × stride, with
 * half of the kernel as padding if it is odd.
 */
final class WindowKernels {
  private WindowKernels() {}

  static List<Kernel> all() {
    return List.of(
        conv("conv2d", WindowKernels::forward).also(64, 1, 28, 32, 3).quick(64, 32, 26, 64, 3),
        conv("conv2d_input", WindowKernels::input).at(64, 32, 26, 64, 3),
        conv("conv2d_weight", WindowKernels::weight).also(64, 1, 28, 32, 3).at(64, 32, 26, 64, 3),
        // forward x is read and y written, backward dy is read and dx written, of a maximum x too
        pool("max_pool2d", 4, WindowKernels::max).quick(64, 64, 24, 2, 2).also(64, 64, 24, 3, 2),
        pool("max_pool2d_backward", 8, WindowKernels::maxBackward)
            .at(64, 64, 24, 2, 2)
            .also(64, 64, 24, 3, 2),
        pool("avg_pool2d", 4, WindowKernels::mean).at(64, 64, 24, 2, 2).also(64, 64, 24, 3, 1),
        pool("avg_pool2d_backward", 4, WindowKernels::meanBackward)
            .at(64, 64, 24, 2, 2)
            .also(64, 64, 24, 3, 1),
        Kernel.bytes(
                "pool",
                "unfold",
                d -> 4.0 * d[0] * d[1] * (d[2] * d[2] + columns(d)),
                WindowKernels::unfold)
            .also(16, 64, 24, 3, 1),
        Kernel.bytes(
                "pool",
                "fold",
                d -> 4.0 * d[0] * d[1] * (d[2] * d[2] + columns(d)),
                WindowKernels::fold)
            .also(16, 64, 24, 3, 1));
  }

  private static Kernel conv(String name, Kernel.Setup setup) {
    return Kernel.flops(
        "conv", name, d -> 2.0 * d[0] * d[3] * squares(d).positions() * d[1] * d[4] * d[4], setup);
  }

  private static Kernel pool(String name, int bytes, Kernel.Setup setup) {
    return Kernel.bytes(
        "pool",
        name,
        d -> d[0] * d[1] * ((double) bytes * d[2] * d[2] + 4.0 * pooled(d).positions()),
        setup);
  }

  private static Geometry squares(int[] d) {
    return new Geometry(d[2], d[2], d[4], d[4], 1, 1, 0, 0, 1, 1);
  }

  private static Geometry pooled(int[] d) {
    int padding = d[3] % 2 == 0 ? 0 : d[3] / 2;
    return new Geometry(d[2], d[2], d[3], d[3], d[4], d[4], padding, padding, 1, 1);
  }

  private static double columns(int[] d) {
    return (double) pooled(d).window() * pooled(d).positions();
  }

  private static Kernel.Body forward(int[] d) {
    Geometry g = squares(d);
    float[] x = Data.floats(d[0] * d[1] * g.plane());
    float[] w = Data.floats(d[3] * d[1] * g.window());
    float[] bias = Data.floats(d[3]);
    float[] y = new float[d[0] * d[3] * g.positions()];
    return Data.into(y, () -> Data.F32.windows().conv(x, w, bias, y, d[0], d[1], d[3], 1, g));
  }

  private static Kernel.Body input(int[] d) {
    Geometry g = squares(d);
    float[] dy = Data.floats(d[0] * d[3] * g.positions());
    float[] w = Data.floats(d[3] * d[1] * g.window());
    float[] dx = new float[d[0] * d[1] * g.plane()];
    return Data.into(dx, () -> Data.F32.windows().convInput(dy, w, dx, d[0], d[1], d[3], 1, g));
  }

  private static Kernel.Body weight(int[] d) {
    Geometry g = squares(d);
    float[] dy = Data.floats(d[0] * d[3] * g.positions());
    float[] x = Data.floats(d[0] * d[1] * g.plane());
    float[] dw = new float[d[3] * d[1] * g.window()];
    return Data.into(dw, () -> Data.F32.windows().convWeight(dy, x, dw, d[0], d[1], d[3], 1, g));
  }

  private static Kernel.Body max(int[] d) {
    Geometry g = pooled(d);
    int planes = d[0] * d[1];
    float[] x = Data.floats(planes * g.plane());
    float[] y = new float[planes * g.positions()];
    return Data.into(y, () -> Windows.maxPool(Data.F32, x, y, planes, g));
  }

  private static Kernel.Body maxBackward(int[] d) {
    Geometry g = pooled(d);
    int planes = d[0] * d[1];
    float[] x = Data.floats(planes * g.plane());
    float[] dy = Data.floats(planes * g.positions());
    float[] dx = new float[x.length];
    return Data.into(dx, () -> Windows.maxPoolBackward(Data.F32, dy, x, dx, planes, g));
  }

  private static Kernel.Body mean(int[] d) {
    Geometry g = pooled(d);
    int planes = d[0] * d[1];
    float[] x = Data.floats(planes * g.plane());
    float[] y = new float[planes * g.positions()];
    return Data.into(y, () -> Windows.avgPool(Data.F32, x, y, planes, true, g));
  }

  private static Kernel.Body meanBackward(int[] d) {
    Geometry g = pooled(d);
    int planes = d[0] * d[1];
    float[] dy = Data.floats(planes * g.positions());
    float[] dx = new float[planes * g.plane()];
    return Data.into(dx, () -> Windows.avgPoolBackward(Data.F32, dy, dx, planes, true, g));
  }

  private static Kernel.Body unfold(int[] d) {
    Geometry g = pooled(d);
    int planes = d[0] * d[1];
    float[] x = Data.floats(planes * g.plane());
    float[] y = new float[planes * g.window() * g.positions()];
    return Data.into(y, () -> Windows.unfold(x, y, planes, g));
  }

  private static Kernel.Body fold(int[] d) {
    Geometry g = pooled(d);
    int planes = d[0] * d[1];
    float[] columns = Data.floats(planes * g.window() * g.positions());
    float[] x = new float[planes * g.plane()];
    return Data.into(x, () -> Windows.fold(Data.F32, columns, x, planes, g));
  }
}
