package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.autograd.Autograd;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;

/**
 * {@code 01-one-weight}: one neuron with one weight, one step of learning, and every factor of the
 * chain rule on the way.
 *
 * <p>The neuron computes z = W·x + b, the loss is (z − y)². How far does the loss move when W
 * moves? W moves z, and z moves the loss: dL/dW = dL/dz · dz/dW. The engine multiplies the same
 * factors.
 */
public final class E01OneWeight {
  private E01OneWeight() {}

  /** Prints the forward pass, the chain rule factor by factor, and one step of gradient descent. */
  public static void main(String[] args) {
    Tensor x = Tensor.scalar(1.0);
    Tensor y = Tensor.scalar(0.0); // what the neuron should answer
    Parameter w = Tensor.scalar(0.5).requiresGrad("W");
    Parameter b = Tensor.scalar(0.0).requiresGrad("b");

    Tensor z = w.mul(x).add(b);
    Tensor loss = z.sub(y).square();

    System.out.println("forward");
    System.out.println("  z     = W·x + b  = 0.5·1.0 + 0.0  = " + z.item());
    System.out.println("  loss  = (z − y)² = (0.5 − 0.0)²   = " + loss.item());

    double lossByZ = Autograd.grad(loss, z).item();
    double zByW = Autograd.grad(z, w).item();

    System.out.println("the chain rule, factor by factor");
    System.out.println("  dL/dz = 2·(z − y)                 = " + lossByZ);
    System.out.println("  dz/dW = x                         = " + zByW);
    System.out.println("  dL/dW = dL/dz · dz/dW             = " + lossByZ * zByW);

    loss.backward(); // the same product, for every parameter at once

    System.out.println("the same by backward()");
    System.out.println("  dL/dW = " + gradient(w) + "   dL/db = " + gradient(b));

    double lr = 0.1;
    w.set(w.value().sub(lr * gradient(w)));

    System.out.println("one step downhill");
    System.out.println("  W     ← W − lr·dL/dW = 0.5 − 0.1·1.0 = " + w.item());
    System.out.printf(
        ROOT, "  loss  was %.2f, is %.2f%n", loss.item(), w.mul(x).add(b).square().item());
  }

  private static double gradient(Parameter p) {
    Tensor g = p.grad(); // null until a backward pass has reached the parameter
    return g == null ? 0 : g.item();
  }
}
