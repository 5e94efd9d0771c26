package chainrule.special;

import static chainrule.special.Slopes.INF;
import static chainrule.special.Slopes.NAN;
import static chainrule.special.Slopes.at;
import static chainrule.special.Slopes.gradient;
import static org.assertj.core.api.Assertions.assertThat;

import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the elementwise functions do where they have no slope, or two. */
class KinksTest {
  private static double[] collected(Parameter x) {
    return Objects.requireNonNull(x.grad()).toDoubleArray();
  }

  @Test
  void relu() {
    at(2, x -> x.relu(), x -> x.relu(), 2, 1);
    at(-2, x -> x.relu(), x -> x.relu(), 0, 0);
    at(0, x -> x.relu(), x -> x.relu(), 0, 0);
    at(-0.0, x -> x.relu(), x -> x.relu(), 0, 0);
    assertThat(Double.doubleToRawLongBits(Tensor.scalar(-0.0).relu().item())).isZero();
    at(INF, x -> x.relu(), x -> x.relu(), INF, 1);
    assertThat(Tensor.of(NAN).relu().item()).isNaN();
    assertThat(Tensor.of(Float.NaN).relu().item()).isNaN();
  }

  @Test
  void kinksSelectAndDoNotMultiply() {
    // an infinite gradient arrives where the slope is 0
    var x = Tensor.of(-1.0, 2.0).requiresGrad();
    Tensor seed = Tensor.of(INF, 1.0);
    x.relu().backward(seed);
    assertThat(collected(x)).containsExactly(0, 1);
    assertThat(gradient(t -> t.clamp(0, 1).mul(INF), -5, 0.5)).containsExactly(0, INF);
  }

  @Test
  void abs() {
    at(0, x -> x.abs(), x -> x.abs(), 0, 0);
    at(-0.0, x -> x.abs(), x -> x.abs(), 0, 0);
    at(-3, x -> x.abs(), x -> x.abs(), 3, -1);
    at(-INF, x -> x.abs(), x -> x.abs(), INF, -1);
  }

  @Test
  void sign() {
    at(-3, x -> x.sign(), x -> x.sign(), -1, 0);
    at(0, x -> x.sign(), x -> x.sign(), 0, 0);
    assertThat(Tensor.of(NAN).sign().item()).isNaN();
  }

  @Test
  void roundingHasSlopeZeroAndGoesToEven() {
    assertThat(Tensor.of(0.5, 1.5, 2.5, -0.5, -1.5, 2.4).round().toDoubleArray())
        .containsExactly(0, 2, 2, -0.0, -2, 2);
    assertThat(Tensor.of(-1.5, 1.5).floor().toDoubleArray()).containsExactly(-2, 1);
    assertThat(Tensor.of(-1.5, 1.5).ceil().toDoubleArray()).containsExactly(-1, 2);
    assertThat(gradient(x -> x.floor().add(x.ceil()).add(x.round()).add(x), 0.3, 2))
        .containsExactly(1, 1);
  }

  @Test
  void sqrtAndLogarithmsAtZero() {
    at(0, x -> x.sqrt(), x -> x.sqrt(), 0, INF);
    at(4, x -> x.sqrt(), x -> x.sqrt(), 2, 0.25);
    assertThat(Tensor.of(-1.0).sqrt().item()).isNaN();
    at(0, x -> x.log(), x -> x.log(), -INF, INF);
    at(0, x -> x.rsqrt(), x -> x.rsqrt(), INF, -INF);
    at(-1, x -> x.log1p(), x -> x.log1p(), -INF, INF);
  }

  @Test
  void maximumOfEqualsHalvesTheGradient() {
    at(2, 2, (a, b) -> a.maximum(b), (a, b) -> a.maximum(b), 2, 0.5, 0.5);
    at(2, 2, (a, b) -> a.minimum(b), (a, b) -> a.minimum(b), 2, 0.5, 0.5);
    at(2, 3, (a, b) -> a.maximum(b), (a, b) -> a.maximum(b), 3, 0, 1);
    at(2, 3, (a, b) -> a.minimum(b), (a, b) -> a.minimum(b), 2, 1, 0);
    assertThat(Tensor.of(NAN, 1.0).maximum(Tensor.of(1.0, NAN)).toDoubleArray())
        .containsExactly(NAN, NAN);
    assertThat(Tensor.of(NAN, 1.0).minimum(Tensor.of(1.0, NAN)).toDoubleArray())
        .containsExactly(NAN, NAN);
  }

  @Test
  void powers() {
    at(0, 0, (a, b) -> a.pow(b), (a, b) -> a.pow(b), 1, 0, 0);
    at(0, 2, (a, b) -> a.pow(b), (a, b) -> a.pow(b), 0, 0, 0);
    at(0, 1, (a, b) -> a.pow(b), (a, b) -> a.pow(b), 0, 1, 0);
    assertThat(gradient(b -> Tensor.of(3.0).pow(b), 0)).containsExactly(StrictMath.log(3));
    at(-2, 3, (a, b) -> a.pow(b), (a, b) -> a.pow(b), -8, 12, NAN);
    at(0, -1, (a, b) -> a.pow(b), (a, b) -> a.pow(b), INF, -INF, -INF);
    assertThat(gradient(x -> x.pow(3), -2, 0, 2)).containsExactly(12, 0, 12);
    assertThat(gradient(x -> x.pow(0), -2, 0)).containsExactly(0, 0);
    assertThat(gradient(x -> x.pow(2), 0)).containsExactly(0);
    assertThat(Tensor.of(-8.0).pow(1.0 / 3).item()).isNaN();
  }

  @Test
  void clampHasSlopeOneOnItsEdges() {
    at(-1, x -> x.clamp(-1, 2), x -> x.clamp(-1, 2), -1, 1);
    at(2, x -> x.clamp(-1, 2), x -> x.clamp(-1, 2), 2, 1);
    at(-1.5, x -> x.clamp(-1, 2), x -> x.clamp(-1, 2), -1, 0);
    at(2.5, x -> x.clamp(-1, 2), x -> x.clamp(-1, 2), 2, 0);
    assertThat(Tensor.of(NAN).clamp(-1, 2).item()).isNaN();
    at(1, x -> x.hardtanh(), x -> x.hardtanh(), 1, 0);
    at(-1, x -> x.hardtanh(), x -> x.hardtanh(), -1, 0);
    at(6, x -> x.relu6(), x -> x.relu6(), 6, 0);
    at(0, x -> x.relu6(), x -> x.relu6(), 0, 0);
  }

  @Test
  void piecewiseFunctionsTakeTheLeftSlopeAtZero() {
    at(0, x -> x.leakyRelu(0.5), x -> x.leakyRelu(0.5), 0, 0.5);
    at(-2, x -> x.leakyRelu(0.5), x -> x.leakyRelu(0.5), -1, 0.5);
    at(0, x -> x.elu(1), x -> x.elu(1), 0, 1);
    at(0, x -> x.elu(2), x -> x.elu(2), 0, 2);
  }

  @Test
  void whereNeverMixesInTheOtherBranch() {
    var a = Tensor.of(INF, 1.0).requiresGrad();
    var b = Tensor.of(2.0, NAN).requiresGrad();
    Tensor y = Tensor.where(Tensor.of(0.0, 1.0), a, b);
    assertThat(y.toDoubleArray()).containsExactly(2, 1);
    y.backward(Tensor.of(INF, INF));
    assertThat(collected(a)).containsExactly(0, INF);
    assertThat(collected(b)).containsExactly(INF, 0);
  }

  @Test
  void extremeArgumentsOfSaturatingFunctions() {
    at(1000, x -> x.sigmoid(), x -> x.sigmoid(), 1, 0);
    at(-1000, x -> x.sigmoid(), x -> x.sigmoid(), 0, 0);
    at(1000, x -> x.tanh(), x -> x.tanh(), 1, 0);
    at(1000, x -> x.softplus(), x -> x.softplus(), 1000, 1);
    at(-1000, x -> x.softplus(), x -> x.softplus(), 0, 0);
    at(-1000, x -> x.logSigmoid(), x -> x.logSigmoid(), -1000, 1);
    at(-1000, x -> x.silu(), x -> x.silu(), -0.0, 0);
    at(1000, x -> x.elu(1), x -> x.elu(1), 1000, 1);
    at(-INF, x -> x.exp(), x -> x.exp(), 0, 0);
  }
}
