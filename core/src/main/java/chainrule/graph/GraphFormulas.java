package chainrule.graph;

import chainrule.math.Formula;
import chainrule.tensor.CustomOp;
import chainrule.tensor.Elementwise;
import chainrule.tensor.Fused;
import chainrule.tensor.Indexed;
import chainrule.tensor.LinearOp;
import chainrule.tensor.MatMul;
import chainrule.tensor.Op;
import chainrule.tensor.Search;
import chainrule.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation in formulas, read off the table where it comes from there.
 *
 * @param value how the result follows, such as {@code y = a·b}
 * @param operands the operands' names
 * @param slopes the local derivative towards each operand
 */
record GraphFormulas(String value, List<String> operands, List<String> slopes) {
  private static final Formula X = Formula.of("x");
  private static final Formula A = Formula.of("a");
  private static final Formula B = Formula.of("b");
  private static final Formula C = Formula.of("c");
  private static final Formula Y = Formula.of("y");

  static GraphFormulas of(Op op, Shape... in) {
    return switch (op) {
      case Elementwise.Map(var f) ->
          new GraphFormulas("y = " + X.map(f).text(), List.of("x"), List.of(f.slope(X, Y).text()));
      case Elementwise.Zip(var f) ->
          new GraphFormulas(
              "y = " + A.zip(f, B).text(),
              List.of("a", "b"),
              List.of(f.slopeA(A, B, Y).text(), f.slopeB(A, B, Y).text()));
      case Elementwise.Select() -> {
        Formula one = Formula.number(1);
        Formula zero = Formula.number(0);
        yield new GraphFormulas(
            "y = " + C.select(A, B).text(),
            List.of("c", "a", "b"),
            List.of("0", C.select(one, zero).text(), C.select(zero, one).text()));
      }
      case MatMul(boolean ta, boolean tb) ->
          new GraphFormulas(
              "Y = " + t("A", ta) + "·" + t("B", tb),
              List.of("A", "B"),
              List.of(
                  ta ? t("B", tb) + "·Gᵀ" : "G·" + t("B", !tb),
                  tb ? "Gᵀ·" + t("A", ta) : t("A", !ta) + "·G"));
      case LinearOp linear -> linear(linear, in);
      case Indexed indexed ->
          new GraphFormulas(
              "y = " + word(op) + "(x, i)",
              List.of("x", "i"),
              List.of(word(indexed.adjoint(in[0])) + "(G, i)", ""));
      case Search _ -> new GraphFormulas("y = " + word(op) + "(x)", List.of("x"), List.of(""));
      case Fused fused -> {
        Fused.Formulas text = fused.formulas();
        yield new GraphFormulas(text.value(), text.inputs(), text.slopes());
      }
      case CustomOp _ -> {
        List<String> names = names(in.length);
        yield new GraphFormulas(
            "y = " + word(op) + "(" + String.join(", ", names) + ")",
            names,
            names.stream().map(_ -> "backward(G)").toList());
      }
    };
  }

  private static GraphFormulas linear(LinearOp op, Shape... in) {
    List<String> names = names(in.length);
    var slopes = new ArrayList<String>();
    for (int i = 0; i < in.length; i++) {
      slopes.add(word(op.adjoint(i, in)) + "(G)");
    }
    return new GraphFormulas(
        "y = " + word(op) + "(" + String.join(", ", names) + ")", names, slopes);
  }

  private static String t(String matrix, boolean transposed) {
    return transposed ? matrix + "ᵀ" : matrix;
  }

  private static List<String> names(int n) {
    if (n == 1) {
      return List.of("x");
    }
    var out = new ArrayList<String>();
    for (int i = 0; i < n; i++) {
      out.add("x" + Character.toString('₀' + i % 10));
    }
    return out;
  }

  /** An operation's name without its options. */
  static String word(Op op) {
    String name = op.name();
    int space = name.indexOf(' ');
    return space < 0 ? name : name.substring(0, space);
  }
}
