package chainrule.cli;

import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words {@code NAME=VALUE} after an expression. */
final class Leaves {
  private Leaves() {}

  /**
   * A leaf for each word, by name.
   *
   * @throws UsageException if a word is no value of a variable of the expression, or there is none
   */
  static Map<String, Parameter> of(Expression expression, List<String> words) {
    Map<String, Parameter> leaves = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new UsageException(
            "'%s' is no value; write NAME=VALUE, and the whole expression in quotes"
                .formatted(word));
      }
      String name = word.substring(0, equals).strip();
      if (!expression.variables().contains(name)) {
        throw new UsageException(
            "'%s': the expression has no %s, only %s"
                .formatted(word, name, String.join(", ", expression.variables())));
      }
      Parameter leaf = Tensor.scalar(number(word, word.substring(equals + 1))).requiresGrad();
      leaf.name(name);
      if (leaves.put(name, leaf) != null) {
        throw new UsageException("'%s': %s has two values".formatted(word, name));
      }
    }
    if (expression.variables().isEmpty()) {
      throw new UsageException("the expression has no name, so there is no graph; write x for one");
    }
    return leaves;
  }

  private static double number(String word, String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new UsageException("'%s': '%s' is not a number".formatted(word, text));
    }
  }
}
