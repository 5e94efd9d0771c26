package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Json;
import chainrule.math.Composite;
import chainrule.math.Unary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code explain} of expressions. */
class ExplainCommandTest {
  /** Constant but for their jumps. */
  private static final Set<String> FLAT = Set.of("sign", "floor", "ceil", "round");

  private static final String MICROGRAD =
      "c = a + b; d = a*b + b^3; c = c + (c + 1); c = c + (1 + c + -a);"
          + " d = d + (d*2 + relu(b + a)); d = d + (3*d + relu(b - a)); e = c - d; f = e^2;"
          + " g = f/2; g = g + 10/f";

  private static Map<?, ?> json(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "explain";
    all[1] = "--json";
    System.arraycopy(words, 0, all, 2, words.length);
    Cli cli = Cli.run(all);
    assertThat(cli.err()).isEmpty();
    return (Map<?, ?>) Json.parse("explain", cli.out());
  }

  private static double number(Map<?, ?> map, String key) {
    return ((Number) map.get(key)).doubleValue();
  }

  private static void gradient(Map<?, ?> json, String name, double expected) {
    assertThat(number((Map<?, ?>) json.get("gradients"), name))
        .as(name)
        .isCloseTo(expected, within(Math.ulp(expected)));
  }

  @Test
  void oneWeightTakesOneStep() {
    Cli cli = Cli.run("explain");
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .contains("z = v1 + b = 0.5\n", "L = v2² = 0.25\n", "∂L/∂v2 = 2·v2 = 1\n")
        .contains("∂L/∂W = ∂L/∂v1·∂v1/∂W = 1·1 = 1\n")
        .contains("W ← W − lr·∂L/∂W = 0.5 − 0.1·1 = 0.4\n");
    fits(cli);
  }

  @Test
  void microgradsReadmeHasItsNumbers() {
    Map<?, ?> json = json(MICROGRAD, "a=-4", "b=2");
    assertThat(number(json, "value")).isEqualTo(24.70408163265306);
    gradient(json, "a", 138.8338192419825);
    gradient(json, "b", 645.5772594752186);
    Cli cli = Cli.run("explain", MICROGRAD, "a=-4", "b=2");
    assertThat(cli.out())
        .contains("24.70408163265306", "645.5772594752186")
        .contains("From a to g_2: 24 paths", "the sum of the products is 138.8338192419825,");
    fits(cli);
  }

  @Test
  void theTanhNeuronHasItsNumbers() {
    String neuron = "n = x1*w1 + x2*w2 + b; e = exp(2*n); o = (e - 1)/(e + 1)";
    Map<?, ?> json = json(neuron, "x1=2", "x2=0", "w1=-3", "w2=1", "b=6.8813735870195432");
    assertThat(number(json, "value")).isEqualTo(0.7071067811865476);
    gradient(json, "x1", -1.5);
    gradient(json, "w1", 1.0);
    gradient(json, "x2", 0.5);
    gradient(json, "w2", 0);
  }

  @Test
  void theSigmoidNeuronHasItsNumbers() {
    Map<?, ?> json =
        json("sigmoid(w0*x0 + w1*x1 + w2)", "w0=2", "x0=-1", "w1=-3", "x1=-2", "w2=-3");
    assertThat(number(json, "value")).isEqualTo(0.7310585786300049);
    gradient(json, "x0", 0.3932238664829637);
    gradient(json, "x1", -0.5898357997244456);
    gradient(json, "w0", -0.19661193324148185);
    gradient(json, "w1", -0.3932238664829637);
    gradient(json, "w2", 0.19661193324148185);
  }

  static List<String> functions() {
    return Stream.concat(
            Stream.of(Unary.values()).map(Unary::call).filter(f -> !FLAT.contains(f)),
            Stream.of(Composite.values()).map(Composite::call))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyFunctionIsExplainedAndItsPathsAddUp(String function) {
    Map<?, ?> json = json(function + "(x*w)", "x=0.7", "w=0.9");
    for (String leaf : List.of("x", "w")) {
      Map<?, ?> paths = (Map<?, ?>) ((Map<?, ?>) json.get("paths")).get(leaf);
      double sum =
          number(paths, "others")
              + ((List<?>) paths.get("listed"))
                  .stream().mapToDouble(path -> number((Map<?, ?>) path, "product")).sum();
      assertThat(number((Map<?, ?>) json.get("gradients"), leaf)).isCloseTo(sum, within(1e-12));
    }
    fits(Cli.run("explain", function + "(x*w)", "x=0.7", "w=0.9"));
  }

  @Test
  void everyStepIsItsOperandsGradientsInOrder() {
    Map<?, ?> json = json(MICROGRAD, "a=-4", "b=2");
    List<?> order = (List<?>) json.get("backward");
    assertThat(order).first().isEqualTo("g_2");
    for (Object step : (List<?>) json.get("steps")) {
      Map<?, ?> one = (Map<?, ?>) step;
      for (Object local : (List<?>) one.get("derivatives")) {
        Object towards = ((Map<?, ?>) local).get("towards");
        assertThat(order.indexOf(one.get("name"))).isLessThan(order.indexOf(towards));
      }
    }
  }

  @Test
  void secondDerivativesAndLatex() {
    Map<?, ?> second = (Map<?, ?>) json("x^3*w", "x=3", "w=2", "--order", "2").get("second");
    assertThat(number((Map<?, ?>) second.get("x"), "x")).isCloseTo(36, within(1e-12));
    assertThat(number((Map<?, ?>) second.get("x"), "w")).isCloseTo(27, within(1e-12));
    assertThat(number((Map<?, ?>) second.get("w"), "x")).isCloseTo(27, within(1e-12));
    assertThat(number((Map<?, ?>) second.get("w"), "w")).isZero();
    assertThat(Cli.run("explain", "x^3", "x=2").out()).contains("∂y/∂x = 3·x^2 = 12\n");
    assertThat(Cli.run("explain", "tanh(x)", "x=0", "--latex").out())
        .contains("y &= \\tanh x = 0", "\\frac{\\partial y}{\\partial x} &= 1 - y^2 = 1");
  }

  @Test
  void tooManyPathsShowTheLargestAndTheRest() {
    StringBuilder twice = new StringBuilder("y = x");
    for (int i = 0; i < 20; i++) {
      twice.append("; y = 0.9*y + 0.1*y");
    }
    String out = Cli.run("explain", twice + "; y", "x=2").out();
    assertThat(out).contains("1,048,576 paths, the 20 largest", "all others: 0.");
  }

  @Test
  void wrongWordsAreToldInASentence() {
    assertThat(Cli.run("explain", "x*y", "x=1").err()).contains("the variable 'y' has no value");
    assertThat(Cli.run("explain", "x", "x=1", "--order", "3").err()).contains("--order 3");
    assertThat(Cli.run("explain", "x^2", "x=1", "--of", "w").err()).contains("--of w");
    assertThat(Cli.run("explain", "x^2; x", "x=1").err()).contains("write name = …");
    for (String flat : FLAT) {
      assertThat(Cli.run("explain", flat + "(x)", "x=1").err()).contains("no derivative passes");
    }
    assertThat(Cli.run("explain", "nosuch.safetensors").err()).contains("there is no such file");
  }

  static void fits(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out().lines().mapToInt(String::length).max().orElse(0))
        .isLessThanOrEqualTo(Page.WIDTH);
  }
}
