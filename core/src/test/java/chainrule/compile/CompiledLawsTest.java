package chainrule.compile;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.autograd.Laws;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compiled = eager to the bit: value, gradient and second derivative of every row of the laws. */
class CompiledLawsTest {
  @TestFactory
  Stream<DynamicTest> rows() {
    return Laws.rows().stream()
        .flatMap(
            row ->
                Stream.of(DType.F64, DType.F32)
                    .map(
                        dtype ->
                            DynamicTest.dynamicTest(
                                row.op() + " / compiled / " + dtype, () -> same(row, dtype))));
  }

  private static void same(Laws.Row row, DType dtype) {
    List<Tensor> at = row.example().get();
    if (row.op().startsWith("to ")) {
      dtype = DType.F64; // a cast says itself what it takes
    }
    var in = new ArrayList<Tensor>();
    for (Tensor x : at) {
      in.add(dtype == DType.F32 && x.dtype() == DType.F64 ? x.to(dtype) : x);
    }
    Function<List<Tensor>, List<Tensor>> all = x -> derivatives(row.function(), x);
    List<Tensor> eager = all.apply(in);
    Compiled compiled = Compiled.of(all);
    Tensor[] given = in.toArray(Tensor[]::new);
    for (int run = 0; run < 3; run++) {
      List<Tensor> replayed = compiled.run(given);
      assertThat(replayed).hasSameSizeAs(eager);
      for (int i = 0; i < eager.size(); i++) {
        assertThat(replayed.get(i).sameBits(eager.get(i)))
            .as("result %s of run %s: %s, eager %s", i, run, replayed.get(i), eager.get(i))
            .isTrue();
      }
    }
  }

  /** The value, the gradients, and the gradients of their sum of squares. */
  private static List<Tensor> derivatives(Function<List<Tensor>, Tensor> f, List<Tensor> at) {
    var leaves = new ArrayList<Tensor>();
    for (Tensor x : at) {
      leaves.add(x.dtype().isFloating() ? x.requiresGrad() : x);
    }
    Tensor y = f.apply(leaves);
    var out = new ArrayList<>(List.of(y.detach()));
    if (!y.isTracked()) {
      return out;
    }
    List<Tensor> tracked = leaves.stream().filter(Tensor::isTracked).toList();
    Tensor seed = Tensor.randn(y.dtype(), new Philox(5, "seed"), y.shape().toArray());
    var once = GradOptions.DEFAULT.seed(seed).allowUnused(true);
    out.addAll(Autograd.grad(y, tracked, once));
    List<Tensor> first = Autograd.grad(y, tracked, once.createGraph(true));
    Tensor total = null;
    for (Tensor g : first) {
      Tensor part = g.square().sum();
      total = total == null ? part : total.add(part);
    }
    if (total != null && total.isTracked()) {
      out.addAll(Autograd.grad(total, tracked, GradOptions.DEFAULT.allowUnused(true)));
    }
    return out;
  }
}
