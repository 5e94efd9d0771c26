package chainrule.autograd;

import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Everything that must hold for every operation, as one table of operations and laws.
 *
 * <p>The rows enumerate the table of {@link chainrule.math}, every record of {@link
 * chainrule.tensor.Op}, and every method of the façades of {@link chainrule.tensor.Tensor}; tests
 * and {@code chainrule gradcheck} walk the same rows. The laws:
 *
 * <table>
 * <caption>Laws by name</caption>
 * <tr><th>shape</th><td>the shape rule gives the shape of the forward pass, for F64 and F32, and
 *     gradients have the shapes of their inputs</td></tr>
 * <tr><th>overwrites</th><td>forward passes and kernels of gradients write every element of their
 *     results, unless they say that they want zeros there</td></tr>
 * <tr><th>order 1</th><td>the gradient agrees with differences to 1e-7 ({@link GradCheck})</td></tr>
 * <tr><th>order 2</th><td>the gradient's gradient agrees with differences to 1e-6</td></tr>
 * <tr><th>forward mode</th><td>⟨Jv, r⟩ by forward mode equals ⟨v, Jᵀr⟩ by reverse mode to
 *     1e-10</td></tr>
 * <tr><th>adjoint</th><td>⟨Ax, y⟩ = ⟨x, Aᵀy⟩ to 1e-12, and the adjoint's adjoint is the operation;
 *     1e-6 for rounding to F32</td></tr>
 * <tr><th>liveness</th><td>what the backward pass does not read may be NaN: the same bits</td></tr>
 * <tr><th>fused</th><td>value and gradient of a fused kernel agree with the expression that defines
 *     it to 1e-12 (F64) or 1e-5 (F32) of the largest element or of 1</td></tr>
 * <tr><th>broadcast</th><td>gradients of broadcast operands have the operands' shapes, and equal the
 *     summed gradients of operands expanded first to 1e-12</td></tr>
 * <tr><th>scalar engine</th><td>{@link chainrule.scalar.Value} gives the tensor's bits, and its
 *     gradient and that of dual numbers agree to 1e-12</td></tr>
 * <tr><th>value / f32</th><td>F32 agrees with F64 to 3e-7 (a function of the table) or 1e-6 (anything
 *     else) of the largest element or of 1</td></tr>
 * <tr><th>gradient / f32</th><td>the F32 gradient agrees with the F64 one to 2e-6 of the largest
 *     element or of 1</td></tr>
 * </table>
 *
 * <pre>{@code
 * for (var row : Laws.of(new Cube())) {
 *   for (var law : row.laws()) {
 *     assertTrue(law.verdict().passed(), row.title(law));   // cube / order 1 / f64 …
 *   }
 * }
 * }</pre>
 */
public final class Laws {
  private Laws() {}

  /**
   * The outcome of one law for one operation.
   *
   * @param passed whether the law holds
   * @param error the largest deviation found, in the law's own measure; 0 where it asks for
   *     equality and finds it
   * @param detail where and by how much, for people
   */
  public record Verdict(boolean passed, double error, String detail) {
    static Verdict within(double error, double bound, String detail) {
      String text = String.format(Locale.ROOT, "error %.2e, bound %.0e", error, bound);
      return new Verdict(
          error <= bound, error, detail.isEmpty() ? text : text + ", largest for " + detail);
    }

    static Verdict holds(boolean passed, String detail) {
      return new Verdict(passed, passed ? 0 : Double.POSITIVE_INFINITY, detail);
    }
  }

  /**
   * One law of one operation, not yet tried.
   *
   * @param name the law's name, such as {@code order 2}
   * @param dtype the element type that it is tried in
   * @param check tries it; throws where the operation does
   */
  public record Law(String name, DType dtype, Supplier<Verdict> check) {
    /** Tries the law; an operation that throws has failed it. */
    public Verdict verdict() {
      try {
        return check.get();
      } catch (RuntimeException e) {
        return new Verdict(false, Double.POSITIVE_INFINITY, e.toString());
      }
    }
  }

  /**
   * An operation and its laws.
   *
   * @param op the operation's name; a façade method appears with its parameters' types
   * @param laws the laws that apply to it
   * @param function what the laws try
   * @param example gives the F64 inputs at which they try it, the same each time
   */
  public record Row(
      String op,
      List<Law> laws,
      Function<List<Tensor>, Tensor> function,
      Supplier<List<Tensor>> example) {
    /** The full name of one of this row's laws, such as {@code tanh / order 2 / f64}. */
    public String title(Law law) {
      return op + " / " + law.name() + " / " + law.dtype().name().toLowerCase(Locale.ROOT);
    }
  }

  /** Every operation of the system with its laws. */
  public static List<Row> rows() {
    var rows = new ArrayList<Row>();
    OpCatalog.subjects().forEach(subject -> rows.add(subject.row()));
    FacadeCatalog.subjects().forEach(subject -> rows.add(subject.row()));
    return List.copyOf(rows);
  }

  /** The laws of an operation of your own, tried on its {@link CustomOp#example}. */
  public static List<Row> of(CustomOp op) {
    return List.of(Subject.of(op).row());
  }
}
