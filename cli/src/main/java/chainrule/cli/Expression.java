package chainrule.cli;

import chainrule.math.Composite;
import chainrule.math.Num;
import chainrule.math.Unary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.DoubleFunction;

/**
 * An arithmetic expression such as {@code tanh(x1*w1 + x2*w2 + b)}, or several of them, all but the
 * last with a name for those that follow: {@code z = x*w + b; (z - y)^2}.
 *
 * <p>Names, numbers, {@code pi}, {@code + - * / ^} (power binds tightest and to the right, before a
 * minus sign), parentheses, the one-argument functions of the table by the names they have in code,
 * and the two-argument functions {@code atan2 max min pow}. It is evaluated in any arithmetic that
 * is a {@link Num}.
 */
final class Expression {
  private static final int DEEPEST = 200;
  private static final int LONGEST = 4000;
  private static final Set<String> TWO = Set.of("atan2", "max", "min", "pow");

  /** What was parsed. */
  private sealed interface Node {}

  private record Constant(double value) implements Node {}

  private record Variable(String name) implements Node {}

  private record Call(String function, List<Node> arguments) implements Node {}

  /** An expression, and the name that it gives its result; empty where it gives none. */
  private record Binding(String name, Node node) {}

  private final String text;
  private final List<Binding> bindings = new ArrayList<>();
  private final Set<String> bound = new HashSet<>();
  private final Set<String> variables = new LinkedHashSet<>();
  private int at;
  private int depth;

  private Expression(String text) {
    this.text = text;
    do {
      binding();
    } while (eat(';'));
    if (at < text.length()) {
      throw error(
          text.charAt(at) == ')' ? "a ')' without its '('" : "an operator is expected here", at);
    }
  }

  /**
   * Reads an expression.
   *
   * @throws UsageException naming the column, counted from 1, and what is wrong there
   */
  static Expression parse(String text) {
    if (text.length() > LONGEST) {
      throw new UsageException(
          "expression: %d characters; at most %d are read".formatted(text.length(), LONGEST));
    }
    return new Expression(text);
  }

  /** The names of its variables, in order of appearance. */
  Set<String> variables() {
    return variables;
  }

  /** Its value for the given variables, in their arithmetic. */
  <E extends Num<E>> E evaluate(Map<String, E> values, DoubleFunction<E> constant) {
    return evaluate(values, constant, (_, _) -> {});
  }

  /**
   * Its value for the given variables, in their arithmetic.
   *
   * @param named is told of every result that gets a name
   */
  <E extends Num<E>> E evaluate(
      Map<String, E> values, DoubleFunction<E> constant, BiConsumer<String, E> named) {
    Map<String, E> known = new HashMap<>(values);
    for (Binding binding : bindings.subList(0, bindings.size() - 1)) {
      E value = evaluate(binding.node(), known, constant);
      known.put(binding.name(), value);
      named.accept(binding.name(), value);
    }
    Binding last = bindings.getLast();
    E result = evaluate(last.node(), known, constant);
    if (!last.name().isEmpty()) {
      named.accept(last.name(), result);
    }
    return result;
  }

  private static <E extends Num<E>> E evaluate(
      Node node, Map<String, E> values, DoubleFunction<E> constant) {
    return switch (node) {
      case Constant c -> constant.apply(c.value());
      case Variable v -> {
        E value = values.get(v.name());
        if (value == null) {
          throw new UsageException(
              "the variable '%s' has no value; add for example %s=1".formatted(v.name(), v.name()));
        }
        yield value;
      }
      case Call call -> apply(call, values, constant);
    };
  }

  private static <E extends Num<E>> E apply(
      Call call, Map<String, E> values, DoubleFunction<E> constant) {
    E a = evaluate(call.arguments().getFirst(), values, constant);
    if (call.arguments().size() == 1) {
      return one(call.function(), a);
    }
    if (call.function().equals("pow") && call.arguments().getLast() instanceof Constant c) {
      return c.value() == 2 ? a.square() : a.pow(c.value());
    }
    E b = evaluate(call.arguments().getLast(), values, constant);
    return switch (call.function()) {
      case "add" -> a.add(b);
      case "sub" -> a.sub(b);
      case "mul" -> a.mul(b);
      case "div" -> a.div(b);
      case "pow" -> a.pow(b);
      case "atan2" -> a.atan2(b);
      case "max" -> a.maximum(b);
      default -> a.minimum(b);
    };
  }

  private static <E extends Num<E>> E one(String function, E a) {
    for (Unary unary : Unary.values()) {
      if (unary.call().equals(function)) {
        return a.map(unary);
      }
    }
    for (Composite composite : Composite.values()) {
      if (composite.call().equals(function)) {
        return composite.of(a);
      }
    }
    throw new IllegalStateException("no function " + function);
  }

  /** The functions' names, sorted. */
  static Set<String> functions() {
    Set<String> names = new TreeSet<>(TWO);
    for (Unary unary : Unary.values()) {
      names.add(unary.call());
    }
    for (Composite composite : Composite.values()) {
      names.add(composite.call());
    }
    return names;
  }

  /** {@code name = sum}, or the last one's sum alone. */
  private void binding() {
    int start = at;
    String name = name();
    if (name.isEmpty() || !eat('=')) {
      name = "";
      at = start;
    } else if (name.equals("pi")) {
      throw error("pi is a number and no name to give", start);
    }
    Node node = sum();
    skipBlanks();
    if (name.isEmpty() && at < text.length() && text.charAt(at) == ';') {
      throw error(
          "only the last expression may be without a name; write name = … before it", start);
    }
    bindings.add(new Binding(name, node));
    bound.add(name);
  }

  /** The name that stands here; empty if there is none. */
  private String name() {
    skipBlanks();
    int start = at;
    if (at < text.length() && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '_')) {
      while (at < text.length() && isNamePart(text.charAt(at))) {
        at++;
      }
    }
    return text.substring(start, at);
  }

  private Node sum() {
    if (++depth > DEEPEST) {
      throw error("more than " + DEEPEST + " levels of parentheses", at);
    }
    Node left = product();
    while (true) {
      if (eat('+')) {
        left = new Call("add", List.of(left, product()));
      } else if (eat('-')) {
        left = new Call("sub", List.of(left, product()));
      } else {
        depth--;
        return left;
      }
    }
  }

  private Node product() {
    Node left = signed();
    while (true) {
      if (eat('*')) {
        left = new Call("mul", List.of(left, signed()));
      } else if (eat('/')) {
        left = new Call("div", List.of(left, signed()));
      } else {
        return left;
      }
    }
  }

  private Node signed() {
    int minuses = 0;
    while (eat('-')) {
      minuses++;
    }
    Node value = power();
    if (minuses % 2 == 0) {
      return value;
    }
    return value instanceof Constant c ? new Constant(-c.value()) : new Call("neg", List.of(value));
  }

  private Node power() {
    Node base = atom();
    if (!eat('^')) {
      return base;
    }
    if (++depth > DEEPEST) {
      throw error("more than " + DEEPEST + " levels of powers", at);
    }
    Node exponent = signed();
    depth--;
    return new Call("pow", List.of(base, exponent));
  }

  private Node atom() {
    skipBlanks();
    int start = at;
    if (at == text.length()) {
      throw error("the expression ends where a name, a number or '(' is expected", at);
    }
    char c = text.charAt(at);
    if (eat('(')) {
      Node inner = sum();
      close(start);
      return inner;
    }
    if (Character.isDigit(c) || c == '.') {
      return new Constant(number());
    }
    String name = name();
    if (!name.isEmpty()) {
      return eat('(') ? call(name, start) : named(name);
    }
    throw error("'" + c + "' where a name, a number or '(' is expected", at);
  }

  private Node named(String name) {
    if (name.equals("pi")) {
      return new Constant(Math.PI);
    }
    if (!bound.contains(name)) {
      variables.add(name);
    }
    return new Variable(name);
  }

  private Node call(String name, int start) {
    if (!functions().contains(name)) {
      throw error(
          "there is no function '%s'; known are %s".formatted(name, String.join(" ", functions())),
          start);
    }
    List<Node> arguments = new ArrayList<>();
    do {
      arguments.add(sum());
    } while (eat(','));
    close(start);
    int wanted = TWO.contains(name) ? 2 : 1;
    if (arguments.size() != wanted) {
      throw error(
          "%s takes %d argument%s, not %d"
              .formatted(name, wanted, wanted == 1 ? "" : "s", arguments.size()),
          start);
    }
    return new Call(name, arguments);
  }

  private void close(int opened) {
    skipBlanks();
    if (!eat(')')) {
      throw error("a ')' is missing for what begins in column " + (opened + 1), at);
    }
  }

  private double number() {
    int start = at;
    while (at < text.length() && isNumberPart(start)) {
      at++;
    }
    try {
      return Double.parseDouble(text.substring(start, at));
    } catch (NumberFormatException e) {
      throw error("'" + text.substring(start, at) + "' is not a number", start);
    }
  }

  private boolean isNumberPart(int start) {
    char c = text.charAt(at);
    boolean exponentSign =
        (c == '-' || c == '+') && at > start && "eE".indexOf(text.charAt(at - 1)) >= 0;
    boolean exponent =
        (c == 'e' || c == 'E')
            && at + 1 < text.length()
            && (Character.isDigit(text.charAt(at + 1)) || "+-".indexOf(text.charAt(at + 1)) >= 0);
    return Character.isDigit(c) || c == '.' || exponentSign || exponent;
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private boolean eat(char wanted) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private UsageException error(String what, int position) {
    return new UsageException(
        String.format(Locale.ROOT, "expression, column %d: %s", position + 1, what));
  }
}
