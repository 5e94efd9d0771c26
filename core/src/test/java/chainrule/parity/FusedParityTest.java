package chainrule.parity;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Kernels of fused operations against the expressions that define them: values to the bit, also
 * where floating point has corners, and gradients closely, at sizes around the lanes of a sum and
 * the chunks of rows.
 */
class FusedParityTest {
  private static final double EPS = 1e-5;
  private static final int[][] SIZES = {
    {0, 4}, {1, 1}, {3, 1}, {5, 7}, {4, 10}, {4, 63}, {3, 64}, {3, 65}, {6, 130}, {257, 3}, {600, 5}
  };

  /** An operation on a matrix and further inputs, of its columns. */
  private record Case(String name, Function<List<Tensor>, Tensor> f) {}

  private static List<Case> cases(int rows, int columns) {
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i * 7 % columns;
    }
    Tensor truth = Tensor.of(labels);
    return List.of(
        new Case("softmax", in -> in.get(0).softmax(1)),
        new Case("softmax 0", in -> in.get(0).t().softmax(0)),
        new Case("logSoftmax", in -> in.get(0).logSoftmax(1)),
        new Case("crossEntropy", in -> in.get(0).crossEntropy(truth)),
        new Case("layerNorm", in -> in.get(0).layerNorm(in.get(1), in.get(2), EPS)),
        new Case("layerNorm without bias", in -> in.get(0).layerNorm(in.get(1), null, EPS)),
        new Case("rmsNorm", in -> in.get(0).rmsNorm(in.get(1), EPS)),
        new Case("channelMoments", in -> in.get(0).channelMoments()),
        new Case("batchNorm", in -> batchNorm(in.get(0), in.get(1), in.get(2))),
        new Case(
            "batchNorm of sequences",
            in ->
                batchNorm(
                    in.get(0).t().reshape(columns, -1, 1).expand(-1, -1, 65).mul(in.get(3)),
                    null,
                    null)),
        new Case(
            "batchNorm of one channel", in -> batchNorm(in.get(0).reshape(-1, 1), null, null)));
  }

  private static Tensor batchNorm(Tensor x, Tensor weight, Tensor bias) {
    return x.batchNorm(x.channelMoments(), weight, bias, EPS);
  }

  @TestFactory
  Stream<DynamicTest> kernelsAreTheirExpressions() {
    var tests = new ArrayList<DynamicTest>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (int[] size : SIZES) {
        for (Case c : cases(size[0], size[1])) {
          String name = c.name + " / " + size[0] + "×" + size[1] + " / " + dtype;
          tests.add(DynamicTest.dynamicTest(name, () -> compare(c, dtype, size[0], size[1])));
        }
      }
    }
    return tests.stream();
  }

  private static void compare(Case c, DType dtype, int rows, int columns) {
    for (Tensor x : List.of(numbers(dtype, rows, columns), awkward(dtype, rows, columns))) {
      var random = new Philox(5, "more");
      List<Tensor> in =
          List.of(
              x,
              Tensor.randn(dtype, random, columns),
              Tensor.randn(dtype, random, columns),
              Tensor.randn(dtype, random, 65));
      Tensor value = c.f.apply(in);
      Tensor expected = Tape.expressions(() -> c.f.apply(in));
      assertThat(value.sameBits(expected)).as("%s%nexpected %s", value, expected).isTrue();
    }
    List<Parameter> leaves =
        Stream.of(
                numbers(dtype, rows, columns),
                Tensor.randn(dtype, new Philox(6), columns),
                Tensor.randn(dtype, new Philox(7), columns),
                Tensor.randn(dtype, new Philox(8), 65))
            .map(Tensor::requiresGrad)
            .toList();
    List<Tensor> fast = gradients(c, leaves);
    List<Tensor> plain = Tape.expressions(() -> gradients(c, leaves));
    double tolerance = dtype == DType.F32 ? 2e-5 : 1e-12;
    for (int i = 0; i < fast.size(); i++) {
      double size = plain.get(i).size() == 0 ? 0 : plain.get(i).abs().max().item();
      double scale = Double.isFinite(size) ? Math.max(1, size) : 1;
      assertThat(fast.get(i).allClose(plain.get(i), 0, tolerance * scale))
          .as("input %d: %s%nexpected %s", i, fast.get(i), plain.get(i))
          .isTrue();
    }
  }

  private static List<Tensor> gradients(Case c, List<Parameter> leaves) {
    Tensor y = c.f.apply(List.copyOf(leaves));
    Tensor seed = Tensor.randn(y.dtype(), new Philox(9), y.shape().toArray());
    return Autograd.grad(y, leaves, GradOptions.DEFAULT.seed(seed).allowUnused(true));
  }

  private static Tensor numbers(DType dtype, int rows, int columns) {
    return Tensor.randn(dtype, new Philox(4), rows, columns).mul(3);
  }

  /**
   * Rows with infinities, NaN, numbers that overflow e^x, equal numbers and zeros of both signs.
   */
  private static Tensor awkward(DType dtype, int rows, int columns) {
    double inf = Double.POSITIVE_INFINITY;
    double[][] kinds = {
      {-inf},
      {-inf, 1, 2},
      {inf, 0, 1},
      {1, Double.NaN},
      {1e4, -1e4, 0},
      {7},
      {0.0, -0.0},
      {-0.0},
      {1e30, 1},
      {Float.MIN_VALUE, -Float.MIN_VALUE, 0}
    };
    double[] out = new double[rows * columns];
    for (int r = 0; r < rows; r++) {
      double[] kind = kinds[r % kinds.length];
      for (int i = 0; i < columns; i++) {
        out[r * columns + i] = kind[i % kind.length];
      }
    }
    return Tensor.of(out, rows, columns).to(dtype);
  }
}
