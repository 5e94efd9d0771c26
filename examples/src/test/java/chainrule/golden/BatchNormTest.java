package chainrule.golden;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Autograd;
import chainrule.math.Num;
import chainrule.math.Philox;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Module;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batch normalisation's backward pass: the formula in one line, the engine step by step, and single
 * numbers give the same gradient.
 */
class BatchNormTest {
  private static final double EPS = 1e-5;
  private static final int N = 6;
  private static final int C = 3;
  private static final Tensor X = Tensor.randn(DType.F64, new Philox(5, "x"), N, C);
  private static final Tensor DY = Tensor.randn(DType.F64, new Philox(5, "dy"), N, C);
  private static final Tensor GAIN = Tensor.randn(DType.F64, new Philox(5, "gain"), C);

  private static Tensor normalise(Tensor x, int correction) {
    int[] rows = {0};
    Tensor mean = x.mean(rows, true);
    return x.sub(mean).mul(x.var(rows, true, correction).add(EPS).rsqrt());
  }

  /**
   * {@code dx = gain·s/n·(n·dy − Σdy − n/(n − correction)·x̂·Σ(dy·x̂))} with s = 1/√(var + ε), the
   * whole backward pass simplified on paper.
   */
  private static Tensor onPaper(int correction) {
    Tensor hat = normalise(X, correction);
    Tensor s = X.var(new int[] {0}, true, correction).add(EPS).rsqrt();
    Tensor inner =
        DY.mul(N)
            .sub(DY.sum(0, true))
            .sub(hat.mul(DY.mul(hat).sum(0, true)).mul(N / (double) (N - correction)));
    return GAIN.mul(s).div(N).mul(inner);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theTensorEngineAgreesWithThePaper(int correction) {
    Parameter x = X.requiresGrad();
    Tensor objective = normalise(x, correction).mul(GAIN).mul(DY).sum();
    Tensor engine = Autograd.grad(objective, x);
    assertThat(engine.allClose(onPaper(correction), 0, 1e-12)).isTrue();
  }

  /** Σ dy·gain·x̂ of one column, in single numbers; the inputs are the column. */
  private static <E extends Num<E>> E column(List<E> x, int column, int correction) {
    E mean = x.getFirst().constant(0);
    for (E v : x) {
      mean = mean.add(v);
    }
    mean = mean.div(N);
    E var = mean.constant(0);
    for (E v : x) {
      var = var.add(v.sub(mean).square());
    }
    E scale = var.div(N - correction).add(EPS).rsqrt();
    E objective = mean.constant(0);
    for (int row = 0; row < N; row++) {
      double weight = DY.get(row, column) * GAIN.get(column);
      objective = objective.add(x.get(row).sub(mean).mul(scale).mul(weight));
    }
    return objective;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void bothEnginesInSingleNumbersAgreeWithThePaper(int correction) {
    Tensor paper = onPaper(correction);
    for (Engine engine : Engine.values()) {
      for (int column = 0; column < C; column++) {
        int c = column;
        var objective =
            new Engine.Function() {
              @Override
              public <E extends Num<E>> E of(List<E> inputs) {
                return column(inputs, c, correction);
              }
            };
        double[] gradient = engine.ask(objective, X.pick(1, c).toDoubleArray()).gradients();
        assertThat(gradient)
            .containsExactly(paper.pick(1, c).toDoubleArray(), Offset.offset(1e-12));
      }
    }
  }

  @Test
  void theLayerAgreesWithThePaper() {
    var layer = Module.in(DType.F64, () -> new BatchNorm1d(C, EPS, 0.1));
    layer.namedParameters().get("weight").set(GAIN);
    Parameter x = X.requiresGrad();
    var inputs = new ArrayList<Tensor>(List.of(x));
    inputs.addAll(layer.parameters());
    List<Tensor> gradients = Autograd.grad(layer.forward(x).mul(DY).sum(), inputs);
    assertThat(gradients.get(0).allClose(onPaper(0), 0, 1e-12)).isTrue();
    Tensor hat = Tape.noGrad(() -> normalise(X, 0));
    assertThat(gradients.get(1).allClose(DY.mul(hat).sum(0), 0, 1e-12)).isTrue();
    assertThat(gradients.get(2).allClose(DY.sum(0), 0, 1e-12)).isTrue();
  }
}
