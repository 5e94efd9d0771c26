package chainrule.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.Buffer;
import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GradCheckTest {
  private static final Tensor X = Tensor.of(new double[] {0.3, -1.2, 2.1, -0.4, 0.9, 1.7}, 2, 3);

  @Test
  void agreesWithSmoothFunctions() {
    GradCheck.Report report = GradCheck.check(x -> x.sin().mul(x).exp(), X);
    assertThat(report.passed()).isTrue();
    assertThat(report.order1()).isLessThan(1e-10);
    assertThat(report.order2()).isLessThan(1e-9);
    assertThat(report.toString()).contains("order 1 passed", "order 2 passed", "bound 1e-07");
  }

  @Test
  void checksTowardsEveryFloatingPointInput() {
    Tensor index = Tensor.of(new int[] {2, 0, 1});
    GradCheck.Report report =
        GradCheck.check(
            in -> in.get(0).indexSelect(1, in.get(1)).mul(in.get(2)),
            List.of(X, index, Tensor.of(1.0, 2.0, 3.0)));
    assertThat(report.passed()).isTrue();
  }

  @Test
  void namesTheWorstElement() {
    Tensor weight = Tensor.of(new double[] {0, 0, 0, 0, 1, 0}, 2, 3);
    GradCheck.Report report = GradCheck.check(x -> x.add(x.detach().square().mul(weight)), X);
    assertThat(report.passed()).isFalse();
    GradCheck.Element worst = Objects.requireNonNull(report.worst1());
    assertThat(worst.input()).isZero();
    assertThat(worst.index()).containsExactly(1, 1);
    assertThat(worst.numeric() / worst.analytic())
        .isCloseTo(1 + 2 * 0.9, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(report.toString()).contains("order 1 FAILED", "input 0 at [1, 1]");
  }

  @Test
  void aFunctionThatIgnoresItsInputHasNoGradient() {
    assertThat(GradCheck.check(x -> x.floor(), X).passed()).isTrue();
    assertThat(GradCheck.check(x -> Tensor.of(1.0, 2.0), X).passed()).isTrue();
    assertThat(GradCheck.check(in -> in.get(0).square(), List.of(X, X)).passed()).isTrue();
  }

  @Test
  void aNotANumberFails() {
    Tensor nan = Tensor.of(1.0, Double.NaN);
    assertThat(GradCheck.check(x -> x.square(), nan).order1()).isInfinite();
  }

  @Test
  void aKinkBetweenThePointsFails() {
    assertThat(GradCheck.check(x -> x.relu(), Tensor.of(1e-5)).passed()).isFalse();
    assertThat(GradCheck.check(x -> x.relu(), Tensor.of(0.01)).passed()).isTrue();
  }

  @Test
  void boundsStepAndSeedCanBeChosen() {
    var strict = GradCheck.Options.DEFAULT.bounds(0, 0).step(0x1p-8).seed(5);
    assertThat(GradCheck.check(in -> in.getFirst().exp(), List.of(X), strict).passed()).isFalse();
  }

  @Test
  void randomNumbersComeAgainAndBuffersStay() {
    var calls = new AtomicLong();
    var buffer = new Buffer("runs", Tensor.scalar(0.0));
    GradCheck.Report report =
        GradCheck.check(
            x -> {
              long call = Tape.draw(calls::getAndIncrement);
              Tensor keep = Tensor.rand(DType.F64, new Philox(7, "drop", 0, call), 2, 3).gt(0.5);
              buffer.update(buffer.value().add(1));
              return x.square().mul(keep);
            },
            X);
    assertThat(report.passed()).isTrue();
    assertThat(calls).hasValue(1);
    assertThat(buffer.value().item()).isZero();
  }

  @Test
  void movesParametersAndPutsThemBack() {
    Parameter a = Tensor.of(0.3, -1.2).requiresGrad();
    Parameter b = Tensor.of(2.0).requiresGrad();
    Tensor before = a.value();
    var report =
        GradCheck.check(() -> a.sin().mul(b.square()), List.of(a, b), GradCheck.Options.DEFAULT);
    assertThat(report.passed()).as(report.toString()).isTrue();
    assertThat(report.worst2()).isNotNull();
    assertThat(a.value().sameBits(before)).isTrue();

    var wrong =
        GradCheck.check(
            () -> a.mul(a.detach()), List.of(a, b), GradCheck.Options.DEFAULT.orders(1));
    assertThat(wrong.order1()).isGreaterThan(0.1);
    assertThat(wrong.worst2()).as("order 2 was not asked for").isNull();
    assertThatThrownBy(() -> GradCheck.Options.DEFAULT.orders(3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wantsDoublePrecision() {
    assertThatThrownBy(() -> GradCheck.check(x -> x.square(), Tensor.of(1f, 2f)))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("input 0 is F32")
        .hasMessageContaining("to(DType.F64)");
    assertThatThrownBy(() -> GradCheck.check(x -> x.to(DType.F32), X))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("result is F32");
  }
}
