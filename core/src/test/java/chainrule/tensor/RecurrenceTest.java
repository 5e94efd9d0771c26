package chainrule.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Philox;
import chainrule.tensor.Recurrence.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The kernel of a walk through a sequence against the steps that define it. */
class RecurrenceTest {
  /** Steps, sequences, units: around the rows of a task and the sizes of vectors. */
  private static final int[][] SIZES = {
    {1, 1, 1}, {2, 3, 5}, {3, 16, 33}, {4, 17, 8}, {7, 40, 40}, {70, 2, 3}, {2, 0, 4}
  };

  private static List<Tensor> inputs(
      DType dtype, Cell cell, boolean masked, int steps, int batch, int units) {
    var random = new Philox(3, cell.name());
    var in = new ArrayList<Tensor>();
    in.add(Tensor.randn(dtype, random, steps, batch, cell.gates() * units));
    in.add(Tensor.randn(dtype, random, cell.gates() * units, units).mul(1 / Math.sqrt(units)));
    if (cell == Cell.GRU) {
      in.add(Tensor.randn(dtype, random, units));
    }
    for (int k = 0; k < cell.states(); k++) {
      in.add(Tensor.randn(dtype, random, batch, units));
    }
    if (masked) {
      in.add(Tensor.rand(dtype, random, steps, batch).gt(0.4));
    }
    return in;
  }

  private static List<Tensor> run(Recurrence op, List<Tensor> in, Tensor seed) {
    int leaves = in.size() - (op.masked() ? 1 : 0);
    var all = new ArrayList<Tensor>();
    for (int i = 0; i < in.size(); i++) {
      all.add(i < leaves ? in.get(i).requiresGrad() : in.get(i));
    }
    Tensor y = Tensor.apply(op, all.toArray(Tensor[]::new));
    var out = new ArrayList<>(List.of(y));
    out.addAll(Autograd.grad(y, all.subList(0, leaves), GradOptions.DEFAULT.seed(seed)));
    return out;
  }

  @TestFactory
  List<DynamicTest> agreesWithItsExpression() {
    var tests = new ArrayList<DynamicTest>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (Cell cell : Cell.values()) {
        for (int options = 0; options < 4; options++) {
          var op = new Recurrence(cell, options % 2 == 1, options > 1);
          tests.add(
              DynamicTest.dynamicTest(
                  op.name() + " " + dtype,
                  () -> {
                    for (int[] s : SIZES) {
                      agrees(op, dtype, s[0], s[1], s[2]);
                    }
                  }));
        }
      }
    }
    return tests;
  }

  private static void agrees(Recurrence op, DType dtype, int steps, int batch, int units) {
    List<Tensor> in = inputs(dtype, op.cell(), op.masked(), steps, batch, units);
    var random = new Philox(4);
    Tensor seed = Tensor.randn(dtype, random, op.cell().states(), steps, batch, units);
    Supplier<List<Tensor>> kernel = () -> run(op, in, seed);
    List<Tensor> fast = kernel.get();
    List<Tensor> plain = Tape.expressions(kernel);
    double bound = dtype == DType.F64 ? 1e-12 : 1e-5;
    for (int i = 0; i < fast.size(); i++) {
      Tensor expected = plain.get(i);
      double size = expected.size() == 0 ? 1 : Math.max(1, expected.abs().max().item());
      assertThat(fast.get(i).allClose(expected, 0, bound * size)).as("result " + i).isTrue();
    }
  }

  @Test
  void aRowDoesNotDependOnItsBatch() {
    for (Cell cell : Cell.values()) {
      var op = new Recurrence(cell, false, true);
      List<Tensor> in = inputs(DType.F32, cell, true, 9, 37, 32);
      Tensor seed = Tensor.randn(DType.F32, new Philox(4), cell.states(), 9, 37, 32);
      List<Tensor> all = run(op, in, seed);
      var one = new ArrayList<Tensor>();
      for (Tensor x : in) {
        boolean weight = x.rank() < 2 || x.size(0) == cell.gates() * 32;
        int dim = x.size(0) == 9 ? 1 : 0;
        one.add(weight ? x : x.slice(dim, 20, 21));
      }
      List<Tensor> alone = run(op, one, seed.slice(2, 20, 21));
      assertThat(alone.get(0).sameBits(all.get(0).slice(2, 20, 21))).isTrue();
      assertThat(alone.get(1).sameBits(all.get(1).slice(1, 20, 21))).isTrue();
    }
  }

  @Test
  void whereTheMaskIsZeroNothingHappens() {
    for (Cell cell : Cell.values()) {
      var op = new Recurrence(cell, true, true);
      List<Tensor> in = inputs(DType.F64, cell, false, 5, 3, 4);
      // The first sequence is empty, and what it holds is not looked at.
      Tensor nothing = Tensor.full(DType.F64, Double.NaN, 5, 1, cell.gates() * 4);
      in.set(0, Tensor.cat(1, nothing, in.getFirst().slice(1, 1, 3)));
      Tensor none = Tensor.zeros(DType.F64, 5, 1);
      in.add(Tensor.cat(1, none, Tensor.ones(DType.F64, 5, 2)));
      Tensor seed = Tensor.ones(DType.F64, cell.states(), 5, 3, 4);
      List<Tensor> out = run(op, in, seed);
      int first = cell == Cell.GRU ? 3 : 2;
      for (int k = 0; k < cell.states(); k++) {
        Tensor start = in.get(first + k).slice(0, 0, 1);
        for (int t = 0; t < 5; t++) {
          assertThat(out.getFirst().pick(0, k).pick(0, t).slice(0, 0, 1).sameBits(start)).isTrue();
        }
        assertThat(out.get(1 + first + k).slice(0, 0, 1).toDoubleArray()).containsOnly(5);
      }
      assertThat(out.get(1).slice(1, 0, 1).toDoubleArray()).containsOnly(0);
      assertThat(out).allMatch(Tensor::allFinite);
    }
  }

  @Test
  void whatDoesNotFitIsSaidWithItsShapes() {
    var op = new Recurrence(Cell.LSTM, false, true);
    Tensor x = Tensor.zeros(5, 2, 12);
    Tensor w = Tensor.zeros(12, 3);
    Tensor h = Tensor.zeros(2, 3);
    Tensor m = Tensor.zeros(5, 2);
    assertThat(Tensor.apply(op, x, w, h, h, m).shape()).hasToString("2×5×2×3");
    assertThatThrownBy(() -> Tensor.apply(op, x, w, h, h))
        .isInstanceOf(ShapeException.class)
        .hasMessage("lstm sequence masked: takes 5 tensors, got 4");
    assertThatThrownBy(() -> Tensor.apply(op, x, Tensor.zeros(12, 4), h, h, m))
        .hasMessage("lstm sequence masked: weights of 12×4; they should be 4H×H");
    assertThatThrownBy(() -> Tensor.apply(op, Tensor.zeros(0, 2, 12), w, h, h, m))
        .hasMessage("lstm sequence masked: a sequence of 0×2×12; it should be T×N×12, T ≥ 1");
    assertThatThrownBy(() -> Tensor.apply(op, x, w, h, Tensor.zeros(3, 3), m))
        .hasMessage("lstm sequence masked: initial state of 3×3; it should be 2×3");
    assertThatThrownBy(() -> Tensor.apply(op, x, w, h, h, Tensor.zeros(2, 5)))
        .hasMessage("lstm sequence masked: mask of 2×5; it should be 5×2");
  }
}
