package chainrule.benchmarks.kernels;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.Parameter;
import chainrule.tensor.Spatial;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import java.util.List;

/**
 * Convolution and pooling; dims of a convolution are batch × channels × size × filters × kernel, on
 * squares and without padding.
 */
final class WindowKernels {
  private WindowKernels() {}

  static List<Kernel> all() {
    return List.of(
        Kernel.flops("conv", "conv2d", WindowKernels::flops, WindowKernels::conv)
            .also(64, 1, 28, 32, 3)
            .quick(64, 32, 26, 64, 3),
        // towards the planes and towards the filters
        Kernel.flops("conv", "conv2d_backward", d -> 2 * flops(d), WindowKernels::backward)
            .at(64, 32, 26, 64, 3),
        Kernel.bytes(
                "pool", "max_pool2d", d -> 5.0 * d[0] * d[1] * d[2] * d[2], WindowKernels::pool)
            .quick(64, 64, 24));
  }

  private static double flops(int[] d) {
    double out = d[2] - d[4] + 1;
    return 2.0 * d[0] * d[3] * out * out * d[1] * d[4] * d[4];
  }

  private static Kernel.Body conv(int[] d) {
    return Data.kernel(
        new Spatial.Conv2d(Conv2dOptions.DEFAULT, true),
        Data.tensor(d[0], d[1], d[2], d[2]),
        Data.tensor(d[3], d[1], d[4], d[4]),
        Data.tensor(d[3]));
  }

  private static Kernel.Body backward(int[] d) {
    Parameter x = Data.tensor(d[0], d[1], d[2], d[2]).requiresGrad();
    Parameter weight = Data.tensor(d[3], d[1], d[4], d[4]).requiresGrad();
    Tensor y = x.conv2d(weight, null);
    GradOptions options = GradOptions.DEFAULT.seed(y.detach());
    return () -> Autograd.grad(y, List.of(x, weight), options).getLast();
  }

  private static Kernel.Body pool(int[] d) {
    return Data.kernel(
        new Spatial.MaxPool2d(Window.of(2).stride(2)), Data.tensor(d[0], d[1], d[2], d[2]));
  }
}
