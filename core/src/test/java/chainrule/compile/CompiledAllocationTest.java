package chainrule.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.autograd.Laws;
import chainrule.internal.kernel.KernelChoice;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A compiled step of any operation, forward and backward, allocates nothing; that of a recurrence
 * an object or two, and some functions of {@link StrictMath} small arrays until they are compiled.
 */
class CompiledAllocationTest {
  private static final ThreadMXBean BEAN = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private static final Set<String> OF_JAVA =
      Set.of("sin", "cos", "tan", "pow", "norm(double, int, boolean) p = 3");

  @TestFactory
  Stream<DynamicTest> rows() {
    assumeTrue(
        KernelChoice.F32.name().equals("scalar"),
        "vectors are objects until the JIT has compiled a loop: measured on plain loops");
    return Laws.rows().stream()
        .filter(row -> !OF_JAVA.contains(row.op()))
        .map(row -> DynamicTest.dynamicTest(row.op() + " / allocation", () -> nothing(row)));
  }

  private static void nothing(Laws.Row row) {
    Tensor[] in = row.example().get().toArray(Tensor[]::new);
    Compiled compiled = Compiled.of(x -> List.of(all(row, x)));
    long most = row.op().contains(" sequence") ? 512 : 0;
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 300 && least > most; run++) {
      long before = BEAN.getCurrentThreadAllocatedBytes();
      compiled.number(in);
      least = Math.min(least, BEAN.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as(row.op()).isLessThanOrEqualTo(most);
  }

  /** Value and gradients, in one number. */
  private static Tensor all(Laws.Row row, List<Tensor> at) {
    var leaves = new ArrayList<Tensor>();
    for (Tensor x : at) {
      leaves.add(x.dtype().isFloating() ? x.requiresGrad() : x);
    }
    Tensor y = row.function().apply(leaves);
    Tensor total = y.dtype().isFloating() ? y.detach().sum() : y.to(DType.F64).sum();
    if (y.isTracked()) {
      List<Tensor> tracked = leaves.stream().filter(Tensor::isTracked).toList();
      Tensor seed = Tensor.ones(y.dtype(), y.shape());
      var options = GradOptions.DEFAULT.seed(seed).allowUnused(true);
      for (Tensor g : Autograd.grad(y, tracked, options)) {
        total = total.add(g.sum().to(total.dtype()));
      }
    }
    return total;
  }
}
