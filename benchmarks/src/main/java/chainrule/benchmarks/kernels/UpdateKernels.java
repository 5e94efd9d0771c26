package chainrule.benchmarks.kernels;

import chainrule.optim.Adam;
import chainrule.optim.AdamW;
import chainrule.optim.Optimizer;
import chainrule.optim.SGD;
import chainrule.tensor.Parameter;
import java.util.List;
import java.util.function.Function;

/** Steps of the optimizers on one large parameter: weights, gradient and state are read once. */
final class UpdateKernels {
  private static final int LARGE = 1 << 24;

  /** Small steps, so that the numbers stay where they are however often it is called. */
  private static final double LR = 1e-9;

  private UpdateKernels() {}

  static List<Kernel> all() {
    return List.of(
        // bytes of an element: what is read and what is written
        update("sgd", 12, p -> new SGD(p, SGD.options().lr(LR))).quick(LARGE),
        update("sgd_momentum", 20, p -> new SGD(p, SGD.options().lr(LR).momentum(0.9))).at(LARGE),
        update("adam", 28, p -> new Adam(p, Adam.options().lr(LR))).quick(LARGE),
        update("adamw", 28, p -> new AdamW(p, AdamW.options().lr(LR))).at(LARGE));
  }

  private static Kernel update(
      String name, int bytes, Function<List<Parameter>, Optimizer> optimizer) {
    return Kernel.bytes("update", name, d -> (double) bytes * d[0], d -> step(d, optimizer));
  }

  private static Kernel.Body step(int[] d, Function<List<Parameter>, Optimizer> make) {
    Parameter p = Data.tensor(d).requiresGrad();
    p.grad(Data.tensor(d));
    Optimizer optimizer = make.apply(List.of(p));
    return () -> {
      optimizer.step();
      return p;
    };
  }
}
