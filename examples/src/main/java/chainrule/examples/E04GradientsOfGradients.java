package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.autograd.Autograd;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;

/**
 * {@code 04-gradients-of-gradients}: derivatives of any order, the Hessian, products with it that
 * never build it, forward mode, and Newton's method, which needs second derivatives.
 */
public final class E04GradientsOfGradients {
  private E04GradientsOfGradients() {}

  /** Rosenbrock's valley, {@code (1 − x)² + 100·(y − x²)²}, lowest at (1, 1). */
  static Tensor rosenbrock(Tensor p) {
    Tensor x = p.pick(0, 0);
    Tensor y = p.pick(0, 1);
    return x.oneMinus().square().add(y.sub(x.square()).square().mul(100));
  }

  /** Prints derivatives of x⁴, then of Rosenbrock's valley, then walks down by Newton's method. */
  public static void main(String[] args) {
    // The backward pass is tensor code too: ask for its graph, and differentiate again.
    Parameter x = Tensor.scalar(2.0).requiresGrad("x");
    Tensor derivative = x.pow(4);
    System.out.println("x⁴ and its derivatives at x = 2");
    for (int order = 0; order <= 4; order++) {
      System.out.println("  order " + order + "   " + derivative.item());
      if (order < 4) {
        derivative = Autograd.grad(derivative, x, Autograd.createGraph());
      }
    }

    Tensor start = Tensor.of(-1.2, 1.0);
    Tensor v = Tensor.of(1.0, 0.5);
    Tensor hessian = Autograd.hessian(E04GradientsOfGradients::rosenbrock, start);
    System.out.println("Rosenbrock's valley at (−1.2, 1), direction v = (1, 0.5)");
    System.out.println("  Hessian, by rows              " + oneLine(hessian.flatten()));
    System.out.println("  Hessian · v, built            " + oneLine(hessian.matmul(v)));
    System.out.println(
        "  Hessian · v, by two sweeps    "
            + oneLine(Autograd.hvp(E04GradientsOfGradients::rosenbrock, start, v)));
    System.out.println(
        "  slope along v, forward mode   "
            + oneLine(Autograd.jvp(E04GradientsOfGradients::rosenbrock, start, v)));

    // Newton: the step s solves H·s = −g. Quadratic near the minimum: digits double every step.
    System.out.println("Newton's method: p ← p − H⁻¹·g");
    Tensor p = start;
    for (int step = 0; step <= 6; step++) {
      double height = rosenbrock(p).item();
      System.out.printf(ROOT, "  step %d   at %-18s height %.3e%n", step, oneLine(p), height);
      Parameter at = p.requiresGrad();
      Tensor g = Autograd.grad(rosenbrock(at), at);
      Tensor h = Autograd.hessian(E04GradientsOfGradients::rosenbrock, p);
      p = p.sub(solve(h, g));
    }
  }

  /** The solution s of the 2×2 system h·s = g, by Cramer's rule. */
  private static Tensor solve(Tensor h, Tensor g) {
    double det = h.get(0, 0) * h.get(1, 1) - h.get(0, 1) * h.get(1, 0);
    return Tensor.of(
        (g.get(0) * h.get(1, 1) - h.get(0, 1) * g.get(1)) / det,
        (h.get(0, 0) * g.get(1) - h.get(1, 0) * g.get(0)) / det);
  }

  private static String oneLine(Tensor t) {
    return t.toString().replaceAll("\\s+", " ");
  }
}
