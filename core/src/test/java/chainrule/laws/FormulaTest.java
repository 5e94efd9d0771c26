package chainrule.laws;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Binary;
import chainrule.math.Composite;
import chainrule.math.Formula;
import chainrule.math.Unary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the Javadoc of the table says is what the lines below it compute. */
class FormulaTest {
  private static final Formula X = Formula.of("x");
  private static final Formula Y = Formula.of("y");
  private static final Formula A = Formula.of("a");
  private static final Formula B = Formula.of("b");

  /** The Javadoc comment before each constant of an enum. */
  private static Map<String, String> javadoc(String file) throws IOException {
    String source = Files.readString(root().resolve("core/src/main/java/chainrule/math/" + file));
    Matcher m =
        Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*([A-Z][A-Z0-9_]*)\\(", Pattern.DOTALL)
            .matcher(source);
    var out = new HashMap<String, String>();
    while (m.find()) {
      out.put(m.group(2), m.group(1).replaceAll("\\s*\\n\\s*\\*\\s*", " ").strip());
    }
    return out;
  }

  private static Path root() {
    Path start = Path.of(System.getProperty("chainrule.root", "")).toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("core/src/main/java/chainrule/math"))) {
        return folder;
      }
    }
    throw new AssertionError("no folder above " + start + " holds core");
  }

  private static String lines(String... formulas) {
    String joined = String.join(", ", formulas);
    return joined + ".";
  }

  @TestFactory
  Stream<DynamicTest> unary() throws IOException {
    Map<String, String> docs = javadoc("Unary.java");
    return Arrays.stream(Unary.values())
        .map(
            f ->
                DynamicTest.dynamicTest(
                    f.call() + " / formula",
                    () ->
                        assertThat(docs.get(f.name()))
                            .isEqualTo(
                                lines(
                                    "{@code y = " + X.map(f).text() + "}",
                                    "{@code y′ = " + f.slope(X, Y).text() + "}"))));
  }

  @TestFactory
  Stream<DynamicTest> binary() throws IOException {
    Map<String, String> docs = javadoc("Binary.java");
    return Arrays.stream(Binary.values())
        .map(
            f ->
                DynamicTest.dynamicTest(
                    f.call() + " / formula",
                    () -> {
                      String value = "{@code y = " + A.zip(f, B).text() + "}";
                      String expected =
                          f.flat()
                              ? value + ", flat."
                              : lines(
                                  value,
                                  "{@code ∂a = " + f.slopeA(A, B, Y).text() + "}",
                                  "{@code ∂b = " + f.slopeB(A, B, Y).text() + "}");
                      assertThat(docs.get(f.name())).isEqualTo(expected);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> composite() {
    return Arrays.stream(Composite.values())
        .map(
            f ->
                DynamicTest.dynamicTest(
                    f.call() + " / prints",
                    () -> {
                      Formula formula = f.of(X);
                      assertThat(formula.text()).contains("x").doesNotContain("null");
                      assertThat(count(formula.latex(), '{'))
                          .isEqualTo(count(formula.latex(), '}'));
                    }));
  }

  private static long count(String s, char c) {
    return s.chars().filter(i -> i == c).count();
  }
}
