package chainrule.documents;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.documents.Documents.Block;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows CONTRIBUTING's <i>How to add an op</i> on a copy of core: puts every block into the file
 * that the text names, compiles, and puts the new operations through the laws.
 */
class HowToAddAnOpTest {
  private static final String CORE = "core/src/main/java/";

  /** After which line of a file its block goes; files that are not named take it at their end. */
  private static final Map<String, String> AFTER =
      Map.of(
          "Unary.java", "public enum Unary {\n",
          "Composite.java", "public enum Composite {\n",
          "Formula.java", "return switch (f) {\n",
          "OpCatalog.java", "List<Op> instances() {\n    return List.of(\n",
          "FacadeCatalog.java", "private void shapes() {\n");

  /** What is asked of the new core, in its own class loader. */
  private static final String QUESTION =
      """
      import chainrule.autograd.Laws;
      import chainrule.math.*;
      import chainrule.scalar.Value;
      import chainrule.tensor.Tensor;
      import java.util.*;
      import java.util.function.Supplier;

      public final class Question implements Supplier<Map<String, String>> {
        private static final Set<String> NEW =
            Set.of("gaussian", "logit", "diagonal", "diagonal embedded", "diagonal()");

        @Override
        public Map<String, String> get() {
          Map<String, String> answers = new TreeMap<>();
          for (var row : Laws.rows()) {
            if (NEW.contains(row.op())) {
              for (var law : row.laws()) {
                answers.put(row.title(law), law.verdict().toString());
              }
            }
          }
          var x = Formula.of("x");
          answers.put("formula", x.logit().text() + ", " + Unary.LOGIT.slope(x, Formula.of("y")).text());
          answers.put("scalar", Value.of(0.5).logit().data() + " " + Value.of(0).gaussian().data());
          answers.put("tensor", Tensor.of(new float[][] {{1, 2}, {3, 4}}).diagonal().toString());
          return answers;
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void theBlocksMakeOperationsThatKeepTheLaws() throws Exception {
    List<Block> patches =
        Documents.blocks(Documents.ROOT.resolve("CONTRIBUTING.md")).stream()
            .filter(Block::isPatch)
            .toList();
    assertThat(patches).hasSizeGreaterThanOrEqualTo(8);
    Path sources = copy();
    for (Block patch : patches) {
      insert(sources, patch);
    }
    List<Path> files = new ArrayList<>(List.of(sources.resolve("Question.java")));
    Files.writeString(files.getFirst(), QUESTION);
    files.addAll(java(sources.resolve("chainrule")));
    Path out = Files.createDirectories(folder.resolve("out"));
    Compiler.compile(files, out, List.of(NullMarked.class));

    Map<?, ?> answers = ask(out);
    assertThat(answers.get("formula")).isEqualTo("logit(x), 1/(x·(1 − x))");
    assertThat(answers.get("scalar")).isEqualTo("0.0 1.0");
    assertThat(answers.get("tensor")).isEqualTo("[1., 4.]");
    for (String op : List.of("gaussian", "logit", "diagonal", "diagonal embedded", "diagonal()")) {
      List<? extends Map.Entry<?, ?>> laws =
          answers.entrySet().stream()
              .filter(e -> e.getKey().toString().startsWith(op + " /"))
              .toList();
      assertThat(laws).as("laws of " + op).hasSizeGreaterThanOrEqualTo(3);
      assertThat(laws).allSatisfy(e -> assertThat(e.getValue().toString()).contains("passed=true"));
    }
  }

  private Path copy() throws IOException {
    Path from = Documents.ROOT.resolve(CORE);
    Path to = folder.resolve("sources");
    for (Path file : java(from.resolve("chainrule"))) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(Objects.requireNonNull(copy.getParent()));
      Files.copy(file, copy);
    }
    return to;
  }

  private static List<Path> java(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    }
  }

  private static void insert(Path sources, Block patch) throws IOException {
    assertThat(patch.file()).as(patch.place()).startsWith(CORE);
    Path file = sources.resolve(patch.file().substring(CORE.length()));
    String text = Files.readString(file);
    String anchor = AFTER.get(file.getFileName().toString());
    int at = anchor == null ? text.lastIndexOf('}') : text.indexOf(anchor) + anchor.length();
    assertThat(anchor == null || text.contains(anchor))
        .as("%s: %s has the line %s", patch.place(), file.getFileName(), anchor)
        .isTrue();
    Files.writeString(file, text.substring(0, at) + patch.code() + text.substring(at));
  }

  /** The new core is asked with its own kernels: others on the class path belong to the old one. */
  private static Map<?, ?> ask(Path out) throws Exception {
    URL[] here = {out.toUri().toURL()};
    String kernels = System.getProperty("chainrule.kernels", "");
    System.setProperty("chainrule.kernels", "scalar");
    try (var loader = new URLClassLoader(here, ClassLoader.getPlatformClassLoader())) {
      var question =
          (Supplier<?>) loader.loadClass("Question").getDeclaredConstructor().newInstance();
      return (Map<?, ?>) question.get();
    } finally {
      System.setProperty("chainrule.kernels", kernels);
    }
  }
}
