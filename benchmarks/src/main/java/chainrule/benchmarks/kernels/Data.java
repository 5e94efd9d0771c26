package chainrule.benchmarks.kernels;

import chainrule.benchmarks.kernels.Kernel.Body;
import chainrule.internal.kernel.KernelChoice;
import chainrule.internal.kernel.Kernels;
import chainrule.tensor.DType;
import chainrule.tensor.Op;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Operands, the same in every run, and calls of operations. */
final class Data {
  /** The kernels that are timed. */
  static final Kernels<float[]> F32 = KernelChoice.F32;

  private static final long SEED = 42;

  private Data() {}

  /** Numbers from −2 to 2. */
  static float[] floats(int n) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = 4f * random.nextFloat() - 2f;
    }
    return x;
  }

  /** Numbers from −2 to 2. */
  static double[] doubles(int n) {
    return new SplittableRandom(SEED).doubles(n, -2, 2).toArray();
  }

  /** Numbers from 1/16 to 33/16, as variances are. */
  static float[] positive(int n) {
    float[] x = floats(n);
    for (int i = 0; i < n; i++) {
      x[i] = Math.abs(x[i]) + 0.0625f;
    }
    return x;
  }

  /** Indices below {@code bound}. */
  static int[] places(int bound, int n) {
    return new SplittableRandom(SEED).ints(n, 0, bound).toArray();
  }

  /** A call that fills a result that is there. */
  static <T> Body into(T result, Runnable call) {
    return () -> {
      call.run();
      return result;
    };
  }

  /** A tensor of numbers from −2 to 2. */
  static Tensor tensor(int... dims) {
    return Tensor.of(floats(Shape.of(dims).size()), dims);
  }

  /** An operation's kernel alone: it writes into a result that is there. */
  static Body kernel(Op op, Tensor... in) {
    Shape shape = op.shape(Arrays.stream(in).map(Tensor::shape).toArray(Shape[]::new));
    DType dtype = op.dtype(Arrays.stream(in).map(Tensor::dtype).toArray(DType[]::new));
    Tensor out = Tensor.zeros(dtype, shape);
    return () -> {
      op.forward(in, out);
      return out;
    };
  }
}
