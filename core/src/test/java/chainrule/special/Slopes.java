package chainrule.special;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.scalar.Value;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Values and slopes at single points, in both precisions and in the scalar engine. */
final class Slopes {
  static final double NAN = Double.NaN;
  static final double INF = Double.POSITIVE_INFINITY;

  private static final GradOptions UNUSED = GradOptions.DEFAULT.allowUnused(true);

  private Slopes() {}

  /** Compares with equals, so that NaN is NaN; zeros of both signs count as one. */
  private static Double boxed(double v) {
    return v == 0 ? 0.0 : v;
  }

  /** The gradient of the sum of {@code f(x)}; zeros without a sign. */
  static double[] gradient(Function<Tensor, Tensor> f, double... x) {
    var leaf = Tensor.of(x).requiresGrad();
    double[] g = Autograd.grad(f.apply(leaf).sum(), leaf, UNUSED).toDoubleArray();
    return Arrays.stream(g).map(Slopes::boxed).toArray();
  }

  /** Holds a function of one number to a value and a slope. */
  static void at(
      double x, UnaryOperator<Tensor> f, UnaryOperator<Value> scalar, double y, double slope) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      var leaf = Tensor.of(x).to(dtype).requiresGrad();
      Tensor out = f.apply(leaf);
      assertThat(boxed(out.item())).as(dtype + " value at " + x).isEqualTo(boxed(y));
      assertThat(boxed(Autograd.grad(out, leaf, UNUSED).item()))
          .as(dtype + " slope at " + x)
          .isEqualTo(boxed(slope));
    }
    Value leaf = Value.of(x);
    Value out = scalar.apply(leaf);
    out.backward();
    assertThat(boxed(out.data())).as("scalar value at " + x).isEqualTo(boxed(y));
    assertThat(boxed(leaf.grad())).as("scalar slope at " + x).isEqualTo(boxed(slope));
  }

  /** Holds a function of two numbers to a value and two slopes. */
  static void at(
      double a,
      double b,
      BinaryOperator<Tensor> f,
      BinaryOperator<Value> scalar,
      double y,
      double slopeA,
      double slopeB) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      var left = Tensor.of(a).to(dtype).requiresGrad();
      var right = Tensor.of(b).to(dtype).requiresGrad();
      Tensor out = f.apply(left, right);
      List<Tensor> g = Autograd.grad(out, List.of(left, right), UNUSED);
      String where = dtype + " at (" + a + ", " + b + ")";
      assertThat(boxed(out.item())).as(where).isEqualTo(boxed(y));
      assertThat(boxed(g.get(0).item())).as(where + " ∂a").isEqualTo(boxed(slopeA));
      assertThat(boxed(g.get(1).item())).as(where + " ∂b").isEqualTo(boxed(slopeB));
    }
    Value left = Value.of(a);
    Value right = Value.of(b);
    Value out = scalar.apply(left, right);
    out.backward();
    assertThat(boxed(out.data())).isEqualTo(boxed(y));
    assertThat(boxed(left.grad())).as("scalar ∂a").isEqualTo(boxed(slopeA));
    assertThat(boxed(right.grad())).as("scalar ∂b").isEqualTo(boxed(slopeB));
  }
}
