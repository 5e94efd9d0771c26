package chainrule.special;

import static chainrule.special.Slopes.INF;
import static chainrule.special.Slopes.NAN;
import static chainrule.special.Slopes.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.autograd.Autograd;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reductions and normalisations at their difficult points. */
class ReductionsTest {
  @Test
  void theFirstOfEqualsReceivesTheGradientOfMax() {
    assertThat(gradient(x -> x.max(), 1, 3, 3, 2)).containsExactly(0, 1, 0, 0);
    assertThat(gradient(x -> x.min(), 3, 1, 1, 2)).containsExactly(0, 1, 0, 0);
    assertThat(Tensor.of(1.0, NAN, 5.0).max().item()).isNaN();
    assertThat(Tensor.of(1.0, NAN, 5.0).min().item()).isNaN();
    assertThat(Tensor.of(1.0, NAN, 5.0).argmax(0).item()).isEqualTo(1);
    assertThat(Tensor.of(2.0, 7.0, 7.0).argmax(0).item()).isEqualTo(1);
    assertThat(Tensor.of(2.0, 1.0, 1.0).argmin(0).item()).isEqualTo(1);
    assertThat(Tensor.of(-INF, -INF).max().item()).isEqualTo(-INF);
  }

  @Test
  void logSumExp() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Tensor x = Tensor.of(new double[] {-INF, -INF, 1000, 1000, INF, 0, -INF, 0}, 4, 2).to(dtype);
      double[] y = x.logSumExp(1).toDoubleArray();
      assertThat(y[0]).isEqualTo(-INF);
      assertThat(y[1]).isEqualTo(1000 + Math.log(2), within(1e-4));
      assertThat(y[2]).isEqualTo(INF);
      assertThat(y[3]).isZero();
    }
    assertThat(Tensor.of(NAN, 1.0).logSumExp(0).item()).isNaN();
    assertThat(gradient(x -> x.logSumExp(0), -INF, -INF)).containsExactly(0, 0);
    assertThat(gradient(x -> x.logSumExp(0), -INF, 3)).containsExactly(0, 1);
    assertThat(gradient(x -> x.logSumExp(0), 1e4, 1e4)).containsExactly(0.5, 0.5);
  }

  @Test
  void softmaxOfLargeNumbers() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Tensor x = Tensor.of(1e4, -1e4, 1e4).to(dtype);
      assertThat(x.softmax(0).toDoubleArray()).containsExactly(0.5, 0, 0.5);
      double[] logs = x.logSoftmax(0).toDoubleArray();
      assertThat(logs[0]).isCloseTo(-Math.log(2), within(1e-6));
      assertThat(logs[1]).isCloseTo(-2e4, within(1.0));
    }
    assertThat(gradient(x -> x.softmax(0).slice(0, 0, 1), 1e4, -1e4)).containsExactly(0, 0);
    assertThat(gradient(x -> x.logSoftmax(0).slice(0, 1, 2), 1e4, -1e4)).containsExactly(-1, 1);
    assertThat(Tensor.of(-INF, 0.0).softmax(0).toDoubleArray()).containsExactly(0, 1);
  }

  @Test
  void crossEntropyAtChanceIsTheLogarithmOfTheClasses() {
    Tensor logits = Tensor.zeros(DType.F64, 4, 10);
    assertThat(logits.crossEntropy(Tensor.of(new int[] {0, 3, 9, 3})).item())
        .isCloseTo(Math.log(10), within(1e-15));
    Tensor sure = Tensor.of(new double[] {1e4, 0}, 1, 2);
    assertThat(sure.crossEntropy(Tensor.of(new int[] {0})).item()).isZero();
    assertThat(sure.crossEntropy(Tensor.of(new int[] {1})).item()).isEqualTo(1e4);
  }

  @Test
  void crossEntropyOfLittleAndOfMuch() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Tensor none = Tensor.zeros(dtype, 0, 3);
      assertThat(none.crossEntropy(Tensor.of(new int[0])).item()).isNaN();
      Parameter single = Tensor.full(dtype, 7, 2, 1).requiresGrad();
      Tensor zero = single.crossEntropy(Tensor.of(new int[2]));
      assertThat(zero.item()).isZero();
      assertThat(Autograd.grad(zero, single).toDoubleArray()).containsExactly(0, 0);
      Parameter x =
          Tensor.of(new double[] {1e4, -1e4, 1e4, -INF, 0, -INF}, 2, 3).to(dtype).requiresGrad();
      Tensor loss = x.crossEntropy(Tensor.of(new int[] {0, 1}));
      assertThat(loss.item()).isEqualTo(Math.log(2) / 2, within(1e-7));
      assertThat(Autograd.grad(loss, x).toDoubleArray()).containsExactly(-0.25, 0, 0.25, 0, 0, 0);
      Parameter lost = Tensor.full(dtype, -INF, 1, 2).requiresGrad();
      assertThat(lost.softmax(1).toDoubleArray()).containsExactly(NAN, NAN);
      assertThat(lost.crossEntropy(Tensor.of(new int[1])).item()).isNaN();
    }
  }

  @Test
  void aMaskedPlaceReceivesNoGradient() {
    assertThat(gradient(x -> x.softmax(0).slice(0, 0, 1), 0, -INF, 0))
        .containsExactly(0.25, 0, -0.25);
    assertThat(gradient(x -> x.logSoftmax(0).slice(0, 0, 1), 0, -INF, 0))
        .containsExactly(new double[] {0.5, 0, -0.5}, within(1e-15));
  }

  @Test
  void normsOfZerosAreTheirBias() {
    Parameter x = Tensor.zeros(DType.F64, 2, 3).requiresGrad();
    Tensor weight = Tensor.of(1.0, 2.0, 3.0);
    assertThat(x.rmsNorm(weight, 1e-5).toDoubleArray()).containsOnly(0);
    assertThat(Autograd.grad(x.rmsNorm(weight, 0.25).sum(), x).toDoubleArray())
        .containsExactly(2, 4, 6, 2, 4, 6);
    assertThat(x.batchNorm(x.channelMoments(), null, weight, 1e-5).toDoubleArray())
        .containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(Tensor.zeros(DType.F64, 0, 2).channelMoments().toDoubleArray()).containsOnly(NAN);
  }

  @Test
  void theNormOfNothingHasGradientZero() {
    assertThat(gradient(x -> x.norm(), 0, 0)).containsExactly(0, 0);
    assertThat(gradient(x -> x.norm(), 3, 4))
        .containsExactly(new double[] {0.6, 0.8}, within(1e-15));
    for (double p : new double[] {1, 2, 3, 0.5, INF}) {
      assertThat(gradient(x -> x.norm(p, 0, false), 0, 0)).as("p = " + p).containsExactly(0, 0);
    }
    assertThat(Tensor.of(3.0, -4.0).norm(1, 0, false).item()).isEqualTo(7);
    assertThat(Tensor.of(3.0, -4.0).norm(INF, 0, false).item()).isEqualTo(4);
  }

  @Test
  void productsWithZeros() {
    assertThat(gradient(x -> x.prod(), 2, 0, 5)).containsExactly(0, 10, 0);
    assertThat(gradient(x -> x.prod(), 0, 0, 5)).containsExactly(0, 0, 0);
    assertThat(gradient(x -> x.prod(), 2, 3, 5)).containsExactly(15, 10, 6);
    assertThat(Tensor.zeros(DType.F64, 0).prod().item()).isEqualTo(1);
    assertThat(Tensor.zeros(DType.F64, 2, 0).prod(1).toDoubleArray()).containsExactly(1, 1);
    Parameter none = Tensor.zeros(DType.F64, 2, 0).requiresGrad();
    none.prod().backward();
    assertThat(none.grad()).isNotNull().extracting(Tensor::shape).isEqualTo(Shape.of(2, 0));
  }

  @Test
  void emptyReductions() {
    assertThat(Tensor.zeros(DType.F64, 0).sum().item()).isZero();
    assertThat(Tensor.zeros(DType.F64, 0, 3).sum(0).toDoubleArray()).containsExactly(0, 0, 0);
    assertThat(Tensor.zeros(DType.F64, 0).mean().item()).isNaN();
  }

  @Test
  void varianceIsUnbiasedUnlessTold() {
    Tensor x = Tensor.of(1.0, 2.0, 3.0, 4.0);
    assertThat(x.var().item()).isCloseTo(5.0 / 3, within(1e-15));
    assertThat(x.var(new int[] {0}, false, 0).item()).isEqualTo(1.25);
    assertThat(x.std().item()).isCloseTo(Math.sqrt(5.0 / 3), within(1e-15));
    assertThat(Tensor.of(1.0).var().item()).isNaN();
  }

  @Test
  void sortingIsStableAndPutsNaNLast() {
    Tensor x = Tensor.of(2.0, NAN, 1.0, 2.0, -0.0, 0.0, NAN, -INF);
    assertThat(x.sort(0).indices().toIntArray()).containsExactly(7, 4, 5, 2, 0, 3, 1, 6);
    assertThat(x.sort(0, true).indices().toIntArray()).containsExactly(1, 6, 0, 3, 2, 4, 5, 7);
    assertThat(Tensor.of(5.0, 9.0, 5.0, 9.0).topK(3, 0).indices().toIntArray())
        .containsExactly(1, 3, 0);
    assertThat(gradient(t -> t.sort(0).values().mul(Tensor.of(1.0, 10.0, 100.0)), 3, 1, 2))
        .containsExactly(100, 1, 10);
    assertThat(gradient(t -> t.topK(2, 0).values(), 3, 1, 2)).containsExactly(1, 0, 1);
  }

  @Test
  void repeatedIndicesAddUp() {
    Tensor twice = Tensor.of(new int[] {1, 1, 0});
    assertThat(gradient(x -> x.indexSelect(0, twice), 5, 6, 7)).containsExactly(1, 2, 0);
    assertThat(gradient(x -> x.take(twice), 5, 6, 7)).containsExactly(1, 2, 0);
    Tensor y = Tensor.of(1.0, 1.0, 1.0).scatterAdd(0, twice, Tensor.of(10.0, 20.0, 30.0));
    assertThat(y.toDoubleArray()).containsExactly(31, 31, 1);
    assertThat(Tensor.of(new int[] {2, 0}).oneHot(3).toFloatArray())
        .containsExactly(0, 0, 1, 1, 0, 0);
  }

  @Test
  void layerNormOfEqualNumbersIsItsBias() {
    Tensor x = Tensor.full(DType.F64, 7, 2, 3);
    Tensor y = x.layerNorm(Tensor.of(1.0, 2.0, 3.0), Tensor.of(0.5, -0.5, 0.0), 1e-5);
    assertThat(y.toDoubleArray()).containsExactly(0.5, -0.5, 0, 0.5, -0.5, 0);
  }
}
