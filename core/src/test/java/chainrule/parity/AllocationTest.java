package chainrule.parity;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.internal.kernel.Copies;
import chainrule.internal.kernel.Kernels;
import chainrule.internal.kernel.NormSplit;
import chainrule.internal.kernel.RowSplit;
import chainrule.internal.kernel.ScalarF32;
import chainrule.internal.kernel.Split;
import chainrule.math.Binary;
import chainrule.math.Unary;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** In steady state a call of a memory-bound kernel allocates nothing, split or not. */
class AllocationTest {
  private static final ThreadMXBean BEAN = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  /** Plain loops: with vectors it is the JIT that decides whether they become objects. */
  private static final Kernels<float[]> K = new ScalarF32();

  private static DynamicTest none(String name, Runnable call) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          long least = Long.MAX_VALUE;
          for (int round = 0; round < 100 && least > 0; round++) {
            long before = BEAN.getCurrentThreadAllocatedBytes();
            call.run();
            least = Math.min(least, BEAN.getCurrentThreadAllocatedBytes() - before);
          }
          assertThat(least).isZero();
        });
  }

  private static Stream<DynamicTest> over(int rows, int n) {
    var x = new float[rows * n];
    var y = new float[rows * n];
    var z = new float[n];
    var v = new double[rows * n];
    var found = new int[rows * n];
    var zeros = new int[rows * n];
    int[] dims = {rows, n};
    int[] whole = {n, 1};
    int[] row = {0, 1};
    int[] column = {1, 0};
    int[] flipped = {1, rows};
    int[] turned = {n, rows};
    int[] down = {rows, 1};
    int[] acrossDown = {1, n};
    String size = " " + rows + "×" + n;
    return Stream.of(
        none("map" + size, () -> Split.map(K, Unary.RELU, x, y, rows * n)),
        none("zip" + size, () -> Split.zip(K, Binary.ADD, x, 1, x, 1, y, rows * n)),
        none("zip row" + size, () -> Split.zip(K, Binary.ADD, x, whole, x, row, y, dims)),
        none("zip column" + size, () -> Split.zip(K, Binary.MUL, x, whole, x, column, y, dims)),
        none("zip turned" + size, () -> Split.zip(K, Binary.MUL, x, flipped, x, whole, y, dims)),
        none("select" + size, () -> Split.select(K, x, whole, x, row, x, column, y, dims)),
        none("sum inner" + size, () -> Split.sum(K, x, y, rows, n, 1)),
        none("sum outer" + size, () -> Split.sum(K, x, y, 1, rows, n)),
        none("argmax" + size, () -> Split.argExtreme(K, x, found, rows, n, 1, false)),
        none("argmin outer" + size, () -> Split.argExtreme(K, x, found, 1, rows, n, true)),
        none("transpose" + size, () -> Copies.strided(x, 0, acrossDown, y, 0, down, turned)),
        none("expand" + size, () -> Copies.strided(x, 0, column, y, 0, whole, dims)),
        none("gather" + size, () -> Copies.gather(x, zeros, y, rows, n, n, 1)),
        none("cast" + size, () -> Copies.cast(x, v, rows * n)),
        none("softmax" + size, () -> RowSplit.softmax(K, x, y, rows, n)),
        none("cross entropy" + size, () -> RowSplit.crossEntropy(K, x, zeros, y, rows, n)),
        none("norm" + size, () -> NormSplit.norm(K, x, x, x, y, true, 1e-5, rows, n)),
        none(
            "norm backward" + size,
            () -> NormSplit.normBackward(K, x, x, x, y, z, z, true, 1e-5, rows, n)));
  }

  @TestFactory
  Stream<DynamicTest> nothing() {
    return Stream.concat(over(30, 70), over(1000, 70));
  }
}
