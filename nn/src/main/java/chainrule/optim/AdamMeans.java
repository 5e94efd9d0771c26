package chainrule.optim;

import chainrule.math.Num;
import java.util.List;

/** The lines that {@link Adam} and {@link AdamW} share. */
final class AdamMeans {
  private AdamMeans() {}

  /** a, e, β₁ and 1 − β₁ of step t. */
  static void scalars(
      long t, double lr, double beta1, double beta2, double eps, double[] into) {
    double correction1 = 1 - power(beta1, t);
    double correction2 = Math.sqrt(1 - power(beta2, t));
    into[0] = lr * correction2 / correction1;
    into[1] = eps * correction2;
    into[2] = beta1;
    into[3] = 1 - beta1;
  }

  /** {@code baseᵗ} by squaring: the same bits everywhere, and no memory. */
  static double power(double base, long t) {
    double result = 1;
    double square = base;
    for (long rest = t; rest > 0; rest >>= 1) {
      if ((rest & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  /** p, m, v and with AMSGrad w after the step. */
  static <E extends Num<E>> List<E> update(
      E p, E g, List<E> state, List<E> scalars, double beta2, boolean amsgrad) {
    E a = scalars.get(0);
    E e = scalars.get(1);
    E b1 = scalars.get(2);
    E rest = scalars.get(3);
    E m = state.get(0).mul(b1).add(g.mul(rest));
    E v = state.get(1).mul(beta2).add(g.square().mul(1 - beta2));
    E w = amsgrad ? state.get(2).maximum(v) : v;
    E next = p.sub(m.div(w.sqrt().add(e)).mul(a));
    return amsgrad ? List.of(next, m, v, w) : List.of(next, m, v);
  }
}
