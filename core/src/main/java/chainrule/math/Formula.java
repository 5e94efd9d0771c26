package chainrule.math;

import java.math.BigDecimal;

/**
 * Interpreter: print a formula, as plain text and as LaTeX.
 *
 * <pre>{@code
 * Unary.TANH.slope(Formula.of("x"), Formula.of("y")).text();   // 1 − y²
 * }</pre>
 *
 * @param text the formula in Unicode
 * @param latex the formula in LaTeX's mathematics
 * @param level how tightly it binds, from {@link #CONDITION} to {@link #ATOM}
 */
public record Formula(String text, String latex, int level) implements Num<Formula> {
  /** A comparison. */
  public static final int CONDITION = 0;

  /** A sum or difference. */
  public static final int SUM = 1;

  /** A product, quotient or negation. */
  public static final int PRODUCT = 2;

  /** A function applied without parentheses, such as {@code sin x}. */
  public static final int APPLICATION = 3;

  /** A power. */
  public static final int POWER = 4;

  /** A name, a number, or anything in brackets. */
  public static final int ATOM = 5;

  /** A variable. */
  public static Formula of(String name) {
    return new Formula(name, name, ATOM);
  }

  /** A number as a reader would write it. */
  public static Formula number(double c) {
    String s =
        Double.isNaN(c) || Double.isInfinite(c)
            ? Double.toString(Math.abs(c)).replace("Infinity", "∞")
            : new BigDecimal(Double.toString(Math.abs(c))).stripTrailingZeros().toPlainString();
    if (s.length() > 18) {
      s = Double.toString(Math.abs(c));
    }
    boolean negative = c < 0;
    String latex = s.replace("∞", "\\infty");
    return negative ? new Formula("−" + s, "-" + latex, PRODUCT) : new Formula(s, latex, ATOM);
  }

  @Override
  public Formula constant(double c) {
    return number(c);
  }

  @Override
  public Formula map(Unary f) {
    return switch (f) {
      case NEG -> new Formula("−" + in(PRODUCT).text, "-" + in(PRODUCT).latex, PRODUCT);
      case ABS -> new Formula("|" + text + "|", "\\left|" + latex + "\\right|", ATOM);
      case SQUARE -> new Formula(in(ATOM).text + "²", in(ATOM).latex + "^2", POWER);
      case SQRT -> new Formula("√" + in(ATOM).text, "\\sqrt{" + latex + "}", APPLICATION);
      case RSQRT -> new Formula("1/√" + in(ATOM).text, "\\frac{1}{\\sqrt{" + latex + "}}", PRODUCT);
      case RECIPROCAL ->
          new Formula("1/" + in(APPLICATION).text, "\\frac{1}{" + latex + "}", PRODUCT);
      case EXP -> new Formula("e" + exponent(this), "e^{" + latex + "}", POWER);
      case EXPM1 -> new Formula("e" + exponent(this) + " − 1", "e^{" + latex + "} - 1", SUM);
      case LOG -> apply("ln", "\\ln");
      case LOG1P -> number(1).zip(Binary.ADD, this).apply("ln", "\\ln");
      case LOG2 -> apply("log₂", "\\log_2");
      case LOG10 -> apply("log₁₀", "\\log_{10}");
      case SIN -> apply("sin", "\\sin");
      case COS -> apply("cos", "\\cos");
      case TAN -> apply("tan", "\\tan");
      case ASIN -> apply("arcsin", "\\arcsin");
      case ACOS -> apply("arccos", "\\arccos");
      case ATAN -> apply("arctan", "\\arctan");
      case SINH -> apply("sinh", "\\sinh");
      case COSH -> apply("cosh", "\\cosh");
      case TANH -> apply("tanh", "\\tanh");
      case FLOOR -> new Formula("⌊" + text + "⌋", "\\lfloor " + latex + "\\rfloor", ATOM);
      case CEIL -> new Formula("⌈" + text + "⌉", "\\lceil " + latex + "\\rceil", ATOM);
      case SIGMOID -> call("σ", "\\sigma");
      case SIGN, SOFTPLUS, RELU, ERF, ROUND -> call(f.call(), "\\operatorname{" + f.call() + "}");
    };
  }

  @Override
  public Formula zip(Binary f, Formula b) {
    return switch (f) {
      case ADD -> infix(" + ", " + ", b, SUM, SUM, SUM);
      case SUB -> infix(" − ", " - ", b, SUM, SUM, PRODUCT);
      case MUL -> {
        if (text.equals("1")) {
          yield b;
        }
        yield b.text.equals("1") ? this : infix("·", "\\,", b, PRODUCT, PRODUCT, APPLICATION);
      }
      case DIV ->
          new Formula(
              in(PRODUCT).text + "/" + b.in(APPLICATION).text,
              "\\frac{" + latex + "}{" + b.latex + "}",
              PRODUCT);
      case POW ->
          new Formula(in(ATOM).text + exponent(b), in(ATOM).latex + "^{" + b.latex + "}", POWER);
      case ATAN2 -> pair("atan2", b);
      case MAX -> pair("max", b);
      case MIN -> pair("min", b);
      case GT -> infix(" > ", " > ", b, CONDITION, SUM, SUM);
      case GE -> infix(" ≥ ", " \\ge ", b, CONDITION, SUM, SUM);
      case LT -> infix(" < ", " < ", b, CONDITION, SUM, SUM);
      case LE -> infix(" ≤ ", " \\le ", b, CONDITION, SUM, SUM);
      case EQ -> infix(" = ", " = ", b, CONDITION, SUM, SUM);
      case NE -> infix(" ≠ ", " \\ne ", b, CONDITION, SUM, SUM);
    };
  }

  @Override
  public Formula select(Formula ifTrue, Formula ifFalse) {
    return new Formula(
        "(" + ifTrue.text + " if " + text + " else " + ifFalse.text + ")",
        "\\begin{cases}"
            + ifTrue.latex
            + " & "
            + latex
            + " \\\\ "
            + ifFalse.latex
            + " & \\text{else}\\end{cases}",
        ATOM);
  }

  /** This formula, in parentheses unless it binds at least as tightly as {@code needed}. */
  private Formula in(int needed) {
    return level >= needed
        ? this
        : new Formula("(" + text + ")", "\\left(" + latex + "\\right)", ATOM);
  }

  private Formula infix(String sign, String latexSign, Formula b, int result, int left, int right) {
    return new Formula(
        in(left).text + sign + b.in(right).text,
        in(left).latex + latexSign + b.in(right).latex,
        result);
  }

  private Formula apply(String name, String latexName) {
    return level == ATOM
        ? new Formula(name + " " + text, latexName + " " + latex, APPLICATION)
        : call(name, latexName);
  }

  private Formula call(String name, String latexName) {
    return new Formula(name + "(" + text + ")", latexName + "\\left(" + latex + "\\right)", ATOM);
  }

  private Formula pair(String name, Formula b) {
    return new Formula(
        name + "(" + text + ", " + b.text + ")",
        "\\operatorname{" + name + "}\\left(" + latex + ", " + b.latex + "\\right)",
        ATOM);
  }

  private static String exponent(Formula e) {
    return switch (e.text) {
      case "x" -> "ˣ";
      case "b" -> "ᵇ";
      default -> "^" + e.in(ATOM).text;
    };
  }
}
