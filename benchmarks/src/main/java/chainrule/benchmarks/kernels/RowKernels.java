package chainrule.benchmarks.kernels;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.tensor.Normalisations;
import chainrule.tensor.Parameter;
import chainrule.tensor.Rows;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** Softmax, normalisations and losses over the rows of a matrix. */
final class RowKernels {
  private static final double EPS = 1e-5;

  private RowKernels() {}

  static List<Kernel> all() {
    return List.of(
        rows("softmax", 8, d -> Data.kernel(new Rows.Softmax(), Data.tensor(d)))
            .quick(4096, 1024)
            .also(16384, 1024),
        // a gradient reads y and what arrives, and writes dx
        rows("softmax_backward", 12, d -> backward(Data.tensor(d), x -> x.softmax(1)))
            .at(4096, 1024),
        rows("log_softmax", 8, d -> Data.kernel(new Rows.LogSoftmax(), Data.tensor(d)))
            .also(4096, 1024),
        rows("cross_entropy", 4, RowKernels::crossEntropy).at(4096, 1024),
        rows("cross_entropy_backward", 8, RowKernels::crossEntropyBackward).at(4096, 1024),
        rows("layer_norm", 8, RowKernels::layerNorm).quick(4096, 1024).also(16384, 1024),
        rows("layer_norm_backward", 12, RowKernels::layerNormBackward).at(4096, 1024));
  }

  /** A kernel that moves {@code bytes} for each element of a matrix. */
  private static Kernel rows(String name, int bytes, Kernel.Setup setup) {
    return Kernel.bytes("rows", name, d -> (double) bytes * d[0] * d[1], setup);
  }

  private static Kernel.Body layerNorm(int[] d) {
    return Data.kernel(
        new Normalisations.LayerNorm(EPS, true),
        Data.tensor(d),
        Tensor.ones(d[1]),
        Tensor.zeros(d[1]));
  }

  private static Kernel.Body layerNormBackward(int[] d) {
    Tensor weight = Tensor.ones(d[1]);
    Tensor bias = Tensor.zeros(d[1]);
    return backward(Data.tensor(d), x -> x.layerNorm(weight, bias, EPS));
  }

  private static Kernel.Body crossEntropy(int[] d) {
    return Data.kernel(new Rows.CrossEntropy(), Data.tensor(d), Data.indices(d[1], d[0]));
  }

  private static Kernel.Body crossEntropyBackward(int[] d) {
    Tensor labels = Data.indices(d[1], d[0]);
    return backward(Data.tensor(d), x -> x.crossEntropy(labels));
  }

  /** The gradient towards x, for a result that is there; it is allocated by every call. */
  private static Kernel.Body backward(Tensor data, UnaryOperator<Tensor> f) {
    Parameter x = data.requiresGrad();
    Tensor y = f.apply(x);
    GradOptions options = GradOptions.DEFAULT.seed(y.detach());
    return () -> Autograd.grad(y, x, options);
  }
}
