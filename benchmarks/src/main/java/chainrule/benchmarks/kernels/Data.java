package chainrule.benchmarks.kernels;

import chainrule.benchmarks.kernels.Kernel.Body;
import chainrule.tensor.DType;
import chainrule.tensor.Op;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Operands, the same in every run, and calls of operations. */
final class Data {
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

  /** A tensor of numbers from −2 to 2. */
  static Tensor tensor(int... dims) {
    return Tensor.of(floats(Shape.of(dims).size()), dims);
  }

  /** A tensor of indices below {@code bound}. */
  static Tensor indices(int bound, int... dims) {
    int[] index = new SplittableRandom(SEED).ints(Shape.of(dims).size(), 0, bound).toArray();
    return Tensor.of(index, dims);
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
