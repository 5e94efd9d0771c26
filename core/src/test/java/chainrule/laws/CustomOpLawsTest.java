package chainrule.laws;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Laws;
import chainrule.autograd.Laws.Law;
import chainrule.autograd.Laws.Row;
import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A user's operation under the laws: a right one keeps them, each kind of wrong one is caught. */
class CustomOpLawsTest {
  /** {@code x³}, with a slope to choose. */
  private record Cube(UnaryOperator<Tensor> slope) implements CustomOp {
    @Override
    public String name() {
      return "cube";
    }

    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public Tensor forward(Tensor... x) {
      return x[0].mul(x[0]).mul(x[0]);
    }

    @Override
    public Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
      return new Tensor[] {g.mul(slope.apply(x[0]))};
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Tensor.randn(DType.F64, random, 2, 3));
    }
  }

  private static Map<String, Boolean> verdicts(CustomOp op) {
    Row row = Laws.of(op).getFirst();
    return row.laws().stream().collect(Collectors.toMap(Law::name, law -> law.verdict().passed()));
  }

  @Test
  void aRightOneKeepsThemAll() {
    Map<String, Boolean> verdicts = verdicts(new Cube(x -> x.square().mul(3)));
    assertThat(verdicts).containsKeys("shape", "order 1", "order 2", "forward mode");
    assertThat(verdicts.values()).containsOnly(true);
    assertThat(Laws.of(new Cube(x -> x)).getFirst().op()).isEqualTo("cube");
  }

  @Test
  void aWrongSlopeFailsOrderOne() {
    assertThat(verdicts(new Cube(x -> x.square().mul(3.00001)))).containsEntry("order 1", false);
  }

  @Test
  void aSlopeThatIsNoTensorCodeFailsOrderTwoAlone() {
    UnaryOperator<Tensor> frozen = x -> x.detach().square().mul(3);
    Map<String, Boolean> verdicts = verdicts(new Cube(frozen));
    assertThat(verdicts).containsEntry("order 1", true).containsEntry("order 2", false);
  }

  @Test
  void aRuleThatPromisesAnotherShapeFails() {
    CustomOp wrong =
        new CustomOp() {
          @Override
          public String name() {
            return "halve";
          }

          @Override
          public Shape shape(Shape... in) {
            return Shape.of(in[0].size());
          }

          @Override
          public Tensor forward(Tensor... x) {
            return x[0].mul(0.5);
          }

          @Override
          public Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
            return new Tensor[] {g.mul(0.5)};
          }

          @Override
          public List<Tensor> example(RandomGenerator random) {
            return List.of(Tensor.randn(DType.F64, random, 2, 3));
          }
        };
    Laws.Verdict verdict = Laws.of(wrong).getFirst().laws().getFirst().verdict();
    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.detail())
        .contains("halve: its rule promises F64 6, its forward gave F64 2×3");
  }
}
