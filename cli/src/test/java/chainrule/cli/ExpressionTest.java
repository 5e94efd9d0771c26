package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.scalar.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language of {@code chainrule graph}. */
class ExpressionTest {
  private static double value(String text) {
    Map<String, Value> values = Map.of("x", Value.of(2), "y", Value.of(-3), "e2", Value.of(10));
    return Expression.parse(text).evaluate(values, Value::of).data();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1 + 2 * 3; 7",
        "(1 + 2) * 3; 9",
        "8 / 4 / 2; 1",
        "2 - 3 - 4; -5",
        "2^3^2; 512",
        "-x^2; -4",
        "(-x)^2; 4",
        "2^-1; 0.5",
        "--x; 2",
        "x*y + e2; 4",
        "1.5e1 + 1E-1; 15.1",
        "max(x, y) - min(x, y); 5",
        "pow(x, 3); 8",
        "relu(y) + abs(y); 3",
        "oneMinus(x); -1",
        "cos(pi); -1",
        " ( ( x ) ) ; 2",
      })
  void hasTheValueOfSchool(String text, double expected) {
    assertThat(value(text)).isEqualTo(expected);
  }

  @Test
  void itsGradientIsTheChainRules() {
    Value x = Value.of(3);
    Value y = Expression.parse("x^3").evaluate(Map.of("x", x), Value::of);
    y.backward();
    assertThat(x.grad()).isEqualTo(27);
  }

  @Test
  void namesItsVariablesInOrder() {
    assertThat(Expression.parse("b + tanh(a*b) + pi").variables()).containsExactly("b", "a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "; column 1: the expression ends",
        "x +; column 4: the expression ends",
        "tanh(x; column 7: a ')' is missing for what begins in column 1",
        "x); column 2: a ')' without its '('",
        "x y; column 3: an operator is expected here",
        "1..2; column 1: '1..2' is not a number",
        "2 * $; column 5: '$' where a name, a number or '(' is expected",
        "foo(x); column 1: there is no function 'foo'; known are abs",
        "sin(x, y); column 1: sin takes 1 argument, not 2",
        "max(x); column 1: max takes 2 arguments, not 1",
        "z; the variable 'z' has no value; add for example z=1",
      })
  void saysWhatIsWrongAndWhere(String text, String sentence) {
    assertThatThrownBy(() -> value(text == null ? "" : text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void depthAndLengthAreBounded() {
    assertThatThrownBy(() -> value("(".repeat(3000))).hasMessageContaining("levels");
    assertThatThrownBy(() -> value("2^".repeat(1000) + "2")).hasMessageContaining("levels");
    assertThatThrownBy(() -> value("x+".repeat(3000) + "x")).hasMessageContaining("characters");
    assertThat(value("x+".repeat(1900) + "x")).isEqualTo(3802);
  }
}
