package chainrule.examples;

import chainrule.autograd.Autograd;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;

/**
 * {@code 03-tensors}: making tensors, shapes and broadcasting, reductions, the matrix product, and
 * a gradient for every element at once.
 */
public final class E03Tensors {
  private E03Tensors() {}

  /** Prints each expression with its result. */
  public static void main(String[] args) {
    // The data decides the type: float is F32, for training; double is F64, for checking.
    Tensor a = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
    Tensor row = Tensor.of(10.0, 20.0, 30.0);
    Tensor column = Tensor.of(new double[][] {{100}, {200}});
    show("a", a);
    show("zeros(2, 2)", Tensor.zeros(2, 2));
    show("arange(6) as 2×3", Tensor.arange(6).reshape(2, 3));
    show("randn, seed 7", Tensor.randn(DType.F64, new Philox(7), 3));

    // Broadcasting aligns shapes from the right; a size of 1 repeats.
    show("a + row      (2×3 + 3)", a.add(row));
    show("a + column   (2×3 + 2×1)", a.add(column));

    show("sum()", a.sum());
    show("mean(0)      down the columns", a.mean(0));
    show("max(1)       along the rows", a.max(1));
    show("argmax(1)    where they are", a.argmax(1));
    show("softmax(1)   each row sums to 1", a.softmax(1));

    show("a · aᵀ", a.matmul(a, false, true));
    show("permute(1, 0)", a.permute(1, 0));
    show("slice(1, 0, 2)", a.slice(1, 0, 2));
    show("where(a > 3, a, 0)", Tensor.where(a.gt(3), a, a.constant(0)));

    // One sweep gives the derivative of a number with respect to every element.
    Parameter w = Tensor.of(new double[][] {{1, 0, -1}, {2, 1, 0}}).requiresGrad("w");
    Parameter bias = Tensor.of(0.5, -0.5).requiresGrad("bias");
    Tensor loss = a.matmul(w, false, true).add(bias).square().mean();
    var gradients = Autograd.grad(loss, List.of(w, bias));
    show("loss = mean((a·wᵀ + bias)²)", loss);
    show("dloss/dw     of w's shape", gradients.getFirst());
    show("dloss/dbias  broadcasting undone", gradients.getLast());

    // What does not fit is refused in one sentence.
    try {
      a.matmul(a);
    } catch (ShapeException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void show(String label, Tensor t) {
    String indented = t.toString().replace("\n", "\n" + " ".repeat(38));
    System.out.printf("%-32s%5s %s%n", label, t.rank() == 0 ? "" : t.shape(), indented);
  }
}
