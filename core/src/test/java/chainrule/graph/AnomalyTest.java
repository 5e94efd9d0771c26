package chainrule.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chainrule.autograd.Anomaly;
import chainrule.autograd.AnomalyException;
import chainrule.autograd.Autograd;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The first operation to make NaN or ∞ is named, with its layer, its line and its inputs. */
class AnomalyTest {
  private static AnomalyException caught(Supplier<?> body) {
    AnomalyException e =
        catchThrowableOfType(AnomalyException.class, () -> Anomaly.detect(body::get));
    assertThat(e).as("an anomaly").isNotNull();
    return e;
  }

  private static int line() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
  }

  @Test
  void forwardElementwise() {
    Parameter x = Tensor.of(new double[] {1, 2, 0, 4}, 2, 2).requiresGrad("x");
    int[] line = new int[1];
    AnomalyException e =
        caught(
            () ->
                Tape.layer(
                    "2",
                    () ->
                        Tape.layer(
                            "fc1",
                            () -> {
                              line[0] = line() + 1;
                              return x.mul(1).log().sum();
                            })));
    assertThat(e)
        .hasMessage(
            "log in layer 2.fc1 at AnomalyTest.java:"
                + line[0]
                + " produced −∞ at [1, 0]: its input there is 0");
    assertThat(e.operation()).isEqualTo("log");
    assertThat(e.layer()).isEqualTo("2.fc1");
    assertThat(e.backward()).isFalse();
    assertThat(e.value()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(e.source().orElseThrow().getLineNumber()).isEqualTo(line[0]);
  }

  @Test
  void backwardNamesTheLineOfTheForwardPass() {
    Parameter x = Tensor.of(4.0, 0.0).requiresGrad("x");
    int[] line = new int[1];
    AnomalyException e =
        caught(
            () -> {
              Tensor y =
                  Tape.layer(
                      "norm",
                      () -> {
                        line[0] = line() + 1;
                        return x.sqrt();
                      });
              y.sum().backward();
              return y;
            });
    assertThat(e)
        .hasMessage(
            "backward of sqrt in layer norm at AnomalyTest.java:"
                + line[0]
                + " produced ∞ at [1] of the gradient: its input there is 0, the gradient that"
                + " arrived is 1");
    assertThat(e.backward()).isTrue();
    assertThat(x.grad()).isNull();
  }

  @Test
  void twoInputsAndBroadcasting() {
    Tensor a = Tensor.of(new float[] {1, 0, 3, 5}, 2, 2);
    Tensor b = Tensor.of(2f, 0f);
    assertThat(caught(() -> a.div(b)))
        .hasMessageMatching(
            "div at AnomalyTest.java:\\d+ produced NaN at \\[0, 1\\]: its inputs there are 0 and"
                + " 0");
    AnomalyException backward =
        caught(
            () -> {
              Parameter p = Tensor.of(0.0, 2.0).requiresGrad();
              Parameter q = Tensor.of(-0.5).requiresGrad();
              Tensor y = p.add(1).mul(p.add(1)).pow(q.mul(1)).sum();
              return Autograd.grad(
                  Tensor.where(p, p, p.add(1)).mul(-1).pow(q).detach().sum().mul(y), p);
            });
    assertThat(backward.operation()).isEqualTo("pow");
    assertThat(backward.value()).isNaN();
  }

  @Test
  void wholeTensorsAreGivenByTheirRange() {
    Tensor a = Tensor.full(DType.F32, 1e30, 2, 3);
    Tensor b = Tensor.full(DType.F32, -1e20, 3, 2);
    assertThat(caught(() -> a.matmul(b)))
        .hasMessageMatching(
            "matmul at AnomalyTest.java:\\d+ produced −∞ at \\[0, 0\\]: its inputs lie in"
                + " \\[1e30, 1e30\\] and \\[−1e20, −1e20\\]");
    Tensor big = Tensor.full(DType.F64, 1e308, 4);
    assertThat(caught(() -> big.sum()))
        .hasMessageContaining("produced ∞ at [0]: its input lies in [1e308, 1e308]");
  }

  @Test
  void gradientsThatOverflowWhereTheyAreAdded() {
    Parameter x = Tensor.scalar(1e-9).requiresGrad("x");
    AnomalyException e = caught(() -> Autograd.grad(x.mul(1e308).add(x.mul(1e308)), x));
    assertThat(e.getMessage()).startsWith("adding up the gradients (add)").contains("produced ∞");
    assertThat(e.backward()).isTrue();
  }

  @Test
  void aMaskOfMinusInfinityPasses() {
    Tensor mask = Tensor.of(new double[] {0, Double.NEGATIVE_INFINITY, 0, 0}, 2, 2);
    Parameter x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requiresGrad("x");
    assertThatCode(() -> Anomaly.detect(() -> x.add(mask).softmax(1).square().sum().backward()))
        .doesNotThrowAnyException();
    assertThat(x.grad()).isNotNull();
    Tensor all = Tensor.full(DType.F64, Double.NEGATIVE_INFINITY, 2, 2);
    assertThat(caught(() -> x.add(all).softmax(1)).operation()).isEqualTo("softmax");
    assertThat(caught(() -> Tape.expressions(() -> x.add(all).softmax(1))).operation())
        .as("a row without anything leads to 0/0")
        .isEqualTo("div");
  }

  @Test
  void nanThatCameInIsSaidToHaveComeIn() {
    Tensor data = Tensor.of(new double[] {1, Double.NaN, 3, 4}, 2, 2);
    Parameter w = Tensor.ones(DType.F64, 2, 2).requiresGrad("w");
    assertThat(caught(() -> data.t().matmul(w)))
        .hasMessageContaining("matmul")
        .hasMessageContaining(
            "its inputs lie in [1, 4] with NaN and [1, 1]; the NaN came in with it");
    Tensor clean =
        Anomaly.detect(() -> data.ne(data).select(Tensor.scalar(0.0), data.reshape(2, 2)));
    assertThat(clean.allFinite()).isTrue();
  }

  @Test
  void ruleIntermediatesDoNotCount() {
    Parameter x = Tensor.of(0.0, 2.0).requiresGrad("x");
    Parameter e = Tensor.of(0.0, 3.0).requiresGrad("e");
    // aᵇ's rule computes ln 0 on the way and selects it away
    assertThatCode(() -> Anomaly.detect(() -> x.pow(e).sum().backward()))
        .doesNotThrowAnyException();
    assertThat(x.grad()).isNotNull();
  }

  @Test
  void optionsChooseWhatCounts() {
    Tensor zero = Tensor.scalar(0.0);
    var infinities = Anomaly.options().nan(false);
    var nans = Anomaly.options().infinity(false).sources(false);
    assertThatCode(() -> Anomaly.detect(infinities, () -> zero.div(zero)))
        .doesNotThrowAnyException();
    assertThatCode(() -> Anomaly.detect(nans, () -> zero.log())).doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(
                AnomalyException.class, () -> Anomaly.detect(infinities, () -> zero.log())))
        .isNotNull();
    assertThat(
            catchThrowableOfType(
                AnomalyException.class, () -> Anomaly.detect(nans, () -> zero.div(zero))))
        .isNotNull();
  }

  @Test
  void insideACheckpoint() {
    Parameter x = Tensor.of(-1.0).requiresGrad("x");
    AnomalyException e = caught(() -> Autograd.checkpoint(h -> h.sqrt().mul(2), x));
    assertThat(e.operation()).isEqualTo("checkpoint");
    assertThat(e.value()).isNaN();
  }

  @Test
  void healthyComputationsReturnTheirResult() {
    Parameter x = Tensor.of(1.0, 2.0).requiresGrad("x");
    Tensor y = Anomaly.detect(() -> x.square().sum());
    assertThat(y.item()).isEqualTo(5);
    assertThat(Autograd.grad(y, x).toDoubleArray()).containsExactly(2, 4);
  }
}
