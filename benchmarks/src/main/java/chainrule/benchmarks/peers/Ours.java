package chainrule.benchmarks.peers;

import chainrule.optim.Adam;
import chainrule.tensor.Engine;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Chainrule's own tensors, as a user calls them. */
public final class Ours implements chainrule.benchmarks.peers.Engine {
  private static final double EPS = 1e-5;

  private Ours() {}

  /** Serves as a worker. */
  public static void main(String[] args) throws IOException {
    Worker.serve(new Ours());
  }

  @Override
  public String title() {
    return "chainrule, " + Engine.kernels() + ", " + Engine.threads() + " threads";
  }

  @Override
  public @Nullable Task open(Workload w) {
    Training training = w.training().orElse(null);
    if (training != null) {
      return training == Training.INFER1 ? new OurInference() : new OurTraining(training);
    }
    int[] d = w.dims();
    return switch (w.kernel()) {
      case "sgemm" -> product(d, false, false);
      case "sgemm_nt" -> product(d, false, true);
      case "sgemm_tn" -> product(d, true, false);
      case "adam" -> adam(d, w.size());
      default -> elementwise(w);
    };
  }

  private static Task product(int[] d, boolean ta, boolean tb) {
    float[] x = Generator.uniform(5, d[0] * d[1]);
    float[] y = Generator.uniform(6, d[1] * d[2]);
    Tensor a = ta ? Tensor.of(x, d[1], d[0]) : Tensor.of(x, d[0], d[1]);
    Tensor b = tb ? Tensor.of(y, d[2], d[1]) : Tensor.of(y, d[1], d[2]);
    return task(() -> a.matmul(b, ta, tb));
  }

  private static @Nullable Task elementwise(Workload w) {
    int[] d = w.dims();
    if (d.length != 2) {
      return null;
    }
    Tensor x = Tensor.of(Generator.centred(5, w.size()), d);
    Tensor y = Tensor.of(Generator.centred(6, w.size()), d);
    Tensor weight = Tensor.ones(d[1]);
    Tensor bias = Tensor.zeros(d[1]);
    return switch (w.kernel()) {
      case "add" -> task(() -> x.add(y));
      case "mul" -> task(() -> x.mul(y));
      case "gelu" -> task(x::gelu);
      case "tanh" -> task(x::tanh);
      case "softmax" -> task(() -> x.softmax(1));
      case "layer_norm" -> task(() -> x.layerNorm(weight, bias, EPS));
      default -> null;
    };
  }

  private static Task adam(int[] d, int n) {
    Parameter p = Tensor.of(Generator.centred(5, n), d).requiresGrad();
    Adam adam = new Adam(List.of(p), Adam.options().lr(1e-3));
    p.grad(Tensor.of(Generator.centred(6, n), d));
    return task(
        () -> {
          adam.step();
          return p;
        });
  }

  private static Task task(Supplier<Tensor> body) {
    return new Task() {
      private @Nullable Tensor last;

      @Override
      public void run() {
        last = body.get();
      }

      @Override
      public float[] result() {
        run();
        return last == null ? new float[0] : last.toFloatArray();
      }
    };
  }
}
