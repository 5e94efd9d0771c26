package chainrule.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Philox;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Making, reading, comparing and printing tensors. */
class TensorTest {
  @Test
  void typesFollowTheData() {
    assertThat(Tensor.of(1f, 2f).dtype()).isEqualTo(DType.F32);
    assertThat(Tensor.of(1.0, 2.0).dtype()).isEqualTo(DType.F64);
    assertThat(Tensor.of(new int[] {1}).dtype()).isEqualTo(DType.I32);
    assertThat(Tensor.of(new float[][] {{1, 2}, {3, 4}}).shape()).isEqualTo(Shape.of(2, 2));
    assertThat(Tensor.of(new double[0][]).shape()).isEqualTo(Shape.of(0, 0));
    assertThat(Tensor.scalar(2.5f).dtype()).isEqualTo(DType.F32);
    assertThat(Tensor.zeros(2, 3).dtype()).isEqualTo(DType.F32);
    assertThat(Tensor.of(1f).mul(0.1).item()).isEqualTo(0.1f);
    assertThat(Tensor.of(1f).add(1e-300).gt(1).dtype()).isEqualTo(DType.F32);
    assertThat(Tensor.of(1.5, -2.5, Double.NaN).to(DType.I32).toIntArray())
        .containsExactly(1, -2, 0);
  }

  @Test
  void dataIsCopiedInAndOut() {
    double[] data = {1, 2};
    Tensor x = Tensor.of(data);
    data[0] = 9;
    assertThat(x.get(0)).isEqualTo(1);
    x.toDoubleArray()[1] = 9;
    assertThat(x.get(1)).isEqualTo(2);
    assertThat(x.toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void generators() {
    assertThat(Tensor.arange(3).toIntArray()).containsExactly(0, 1, 2);
    assertThat(Tensor.linspace(DType.F64, 0, 1, 5).toDoubleArray())
        .containsExactly(0, 0.25, 0.5, 0.75, 1);
    assertThat(Tensor.linspace(DType.F64, 3, 4, 1).toDoubleArray()).containsExactly(3);
    assertThat(Tensor.eye(DType.F64, 2).toDoubleArray()).containsExactly(1, 0, 0, 1);
    assertThat(Tensor.full(DType.I32, 7, 2).toIntArray()).containsExactly(7, 7);
    Tensor a = Tensor.randn(DType.F32, new Philox(1), 4);
    assertThat(a.sameBits(Tensor.randn(DType.F64, new Philox(1), 4).to(DType.F32))).isTrue();
    double[] u = Tensor.uniform(DType.F64, new Philox(2), -2, 5, 1000).toDoubleArray();
    assertThat(Arrays.stream(u)).allMatch(v -> v >= -2 && v < 5);
  }

  @Test
  void comparisons() {
    Tensor nan = Tensor.of(Double.NaN, 0.0);
    assertThat(nan.sameBits(Tensor.of(-Double.NaN, 0.0))).isTrue();
    assertThat(nan.sameBits(Tensor.of(Double.NaN, -0.0))).isFalse();
    assertThat(nan.sameBits(nan.to(DType.F32))).isFalse();
    assertThat(nan.sameBits(nan.reshape(2, 1))).isFalse();
    assertThat(nan.allClose(Tensor.of(Double.NaN, 1e-9), 0, 1e-8)).isTrue();
    assertThat(Tensor.of(100.0).allClose(Tensor.of(101.0), 0.01, 0)).isTrue();
    assertThat(Tensor.of(100.0).allClose(Tensor.of(102.0), 0.01, 0)).isFalse();
    assertThat(nan.equals(Tensor.of(Double.NaN, 0.0))).isFalse();
  }

  @Test
  void shapes() {
    assertThat(Shape.of(32, 784)).hasToString("32×784").isEqualTo(Shape.of(32, 784));
    assertThat(Shape.SCALAR).hasToString("()");
    assertThat(Shape.of(2, 3, 4).dim(-1)).isEqualTo(4);
    assertThat(Shape.of(2, 0, 4).size()).isZero();
    assertThat(Shape.of(2, 3).hashCode()).isEqualTo(Shape.of(2, 3).hashCode());
  }

  @Test
  void prints() {
    assertThat(Tensor.scalar(1.5)).hasToString("1.5");
    assertThat(Tensor.of(1.0, -2.25, 100.0)).hasToString("[   1., -2.25,  100.]");
    assertThat(Tensor.of(new double[] {1, 2, 3, 4}, 2, 2)).hasToString("[[1., 2.],\n [3., 4.]]");
    assertThat(Tensor.arange(4).reshape(2, 1, 2)).hasToString("[[[0, 1]],\n [[2, 3]]]");
    assertThat(Tensor.of(Double.NaN, Double.POSITIVE_INFINITY, 0.0)).hasToString("[nan, inf,  0.]");
    assertThat(Tensor.of(1e-9, 2e7)).hasToString("[1.0000e-09, 2.0000e+07]");
    assertThat(Tensor.zeros(0)).hasToString("[]");
    assertThat(Tensor.arange(2000)).hasToString("[   0,    1,    2, ..., 1997, 1998, 1999]");
    assertThat(Tensor.zeros(100, 100).toString().lines()).hasSize(7);
    assertThat(Tensor.of(1.0).requiresGrad("w")).hasToString("parameter w");
    assertThat(Tensor.of(1.0).requiresGrad()).hasToString("[1.]");
  }

  @Test
  void piecesAndJoins() {
    Tensor x = Tensor.arange(7);
    List<Tensor> parts = x.split(3, 0);
    assertThat(parts).extracting(Tensor::size).containsExactly(3, 3, 1);
    assertThat(x.chunk(3, 0)).extracting(Tensor::size).containsExactly(3, 3, 1);
    assertThat(x.chunk(20, 0)).hasSize(7);
    assertThat(Tensor.cat(0, parts).sameBits(x)).isTrue();
    assertThat(Tensor.zeros(0, 2).split(3, 0)).extracting(Tensor::size).containsExactly(0);
  }
}
