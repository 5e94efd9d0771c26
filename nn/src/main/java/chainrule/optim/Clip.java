package chainrule.optim;

import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.Collection;
import java.util.function.UnaryOperator;

/** Limits gradients between {@code backward} and {@code step}. */
public final class Clip {
  private Clip() {}

  /**
   * Scales all gradients by one factor so that their joint Euclidean norm is at most maxNorm:
   * {@code g ← g · min(1, maxNorm / (‖g‖ + 1e-6))}, ‖g‖ over all elements of all gradients, summed
   * in double.
   *
   * <p>Parameters without a gradient are left out. If the norm is NaN or infinite the gradients
   * stay as they are. Works in a compiled step as well. Source: Pascanu, Mikolov and Bengio, <i>On the difficulty of training
   * recurrent neural networks</i>, 2013, algorithm 1; the constant is PyTorch's.
   *
   * @return the norm before, an F64 number
   * @throws IllegalArgumentException if maxNorm is negative or not finite
   */
  public static Tensor norm(Collection<Parameter> parameters, double maxNorm) {
    Checks.notNegative("Clip.norm: maxNorm", maxNorm);
    return Tape.noGrad(
        () -> {
          Tensor squares = Tensor.scalar(0.0);
          for (Parameter p : parameters) {
            Tensor g = p.grad();
            if (g != null) {
              squares = squares.add(g.to(DType.F64).square().sum());
            }
          }
          Tensor norm = squares.sqrt();
          Tensor factor = norm.constant(maxNorm).div(norm.add(1e-6)).minimum(1);
          Tensor applied = norm.lt(Double.POSITIVE_INFINITY).select(factor, norm.constant(1));
          change(parameters, g -> g.mul(applied.to(g.dtype())));
          return norm;
        });
  }

  /**
   * Limits every element of every gradient to [−max, max].
   *
   * @throws IllegalArgumentException if max is negative or not finite
   */
  public static void value(Collection<Parameter> parameters, double max) {
    Checks.notNegative("Clip.value: max", max);
    change(parameters, g -> g.clamp(-max, max));
  }

  private static void change(Collection<Parameter> parameters, UnaryOperator<Tensor> f) {
    Tape.noGrad(
        () -> {
          for (Parameter p : parameters) {
            Tensor g = p.grad();
            if (g != null) {
              p.grad(f.apply(g));
            }
          }
        });
  }
}
