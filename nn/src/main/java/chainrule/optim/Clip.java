package chainrule.optim;

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
   * stay as they are. Source: Pascanu, Mikolov and Bengio, <i>On the difficulty of training
   * recurrent neural networks</i>, 2013, algorithm 1; the constant is PyTorch's.
   *
   * @return the norm before
   * @throws IllegalArgumentException if maxNorm is negative or not finite
   */
  public static double norm(Collection<Parameter> parameters, double maxNorm) {
    Checks.notNegative("Clip.norm: maxNorm", maxNorm);
    double squares = 0;
    for (Parameter p : parameters) {
      Tensor g = p.grad();
      if (g != null) {
        squares += squares(g);
      }
    }
    double norm = Math.sqrt(squares);
    double factor = maxNorm / (norm + 1e-6);
    if (factor < 1 && Double.isFinite(norm)) {
      change(parameters, g -> g.mul(factor));
    }
    return norm;
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

  private static double squares(Tensor g) {
    double sum = 0;
    for (double v : g.toDoubleArray()) {
      sum += v * v;
    }
    return sum;
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
