package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Formula;
import chainrule.math.Unary;
import chainrule.optim.Adam;
import chainrule.optim.SGD;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the documents say that the program prints is what it prints, and the formulas in them are
 * the program's.
 *
 * <p>In a block of text the lines {@code $ ./chainrule …}, continued by lines {@code > …}, are run
 * in their order; files under {@code runs/} are made in a folder of the test's own. Lines of
 * epochs, times and the machine, and the program's version, are left out.
 */
class TranscriptsTest {
  private static final Path DOCS =
      Path.of(System.getProperty("chainrule.root", "..")).resolve("docs");
  private static final String UPDATE =
      "mvn test -pl cli -am -Dtest=TranscriptsTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dtranscripts.update=true";
  private static final String COMMAND = "$ ./chainrule ";
  private static final Pattern TIME =
      Pattern.compile(
          "(time|machine) .*|  [0-9.]+ s|  note  a step takes .*|  note  micrograd's .*");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tour.md", "theory.md"})
  void whatAPageShowsIsPrinted(String name) throws IOException {
    Path page = DOCS.resolve(name);
    String now = rewritten(Files.readAllLines(page));
    if (Boolean.getBoolean("transcripts.update")) {
      Files.writeString(page, now);
    }
    assertThat(Files.readString(page)).as("write it anew with: " + UPDATE).isEqualTo(now);
  }

  private String rewritten(List<String> lines) {
    List<String> out = new ArrayList<>();
    int i = 0;
    while (i < lines.size()) {
      String line = lines.get(i++);
      out.add(line);
      if (!line.startsWith(COMMAND)) {
        continue;
      }
      StringBuilder command = new StringBuilder(line.substring(COMMAND.length()));
      while (lines.get(i).startsWith("> ")) {
        out.add(lines.get(i));
        command.append(' ').append(lines.get(i++).substring(2));
      }
      while (!lines.get(i).equals("```") && !lines.get(i).startsWith(COMMAND)) {
        i++;
      }
      out.addAll(printed(command.toString()));
    }
    return String.join("\n", out) + "\n";
  }

  private List<String> printed(String command) {
    List<String> words = new ArrayList<>();
    Matcher m = WORD.matcher(command);
    while (m.find()) {
      String word = m.group(1) == null ? m.group(2) : m.group(1);
      words.add(word.startsWith("runs/") ? folder.resolve(word).toString() : word);
    }
    Cli cli = Cli.run(words.toArray(String[]::new));
    ExplainCommandTest.fits(new Cli(cli.code(), cli.out().replace(folder + "/", ""), cli.err()));
    List<String> out = new ArrayList<>();
    for (String line : cli.out().replace(folder + "/", "").stripTrailing().split("\n", -1)) {
      if (TIME.matcher(line).matches()) {
        continue;
      }
      if (!line.startsWith("epoch ")) {
        out.add(line.replaceFirst("^chainrule \\S+ ·", "chainrule ·"));
      } else if (!out.getLast().equals("…")) {
        out.add("…");
      }
    }
    return out;
  }

  @Test
  void theTheorysSlopesAreTheTables() throws IOException {
    Formula x = Formula.of("x");
    Formula y = Formula.of("y");
    Matcher row =
        Pattern.compile("(?m)^\\| `(\\w+)` \\| (.*) \\| (.*) \\|$")
            .matcher(Files.readString(DOCS.resolve("theory.md")));
    int rows = 0;
    while (row.find()) {
      String name = row.group(1);
      Unary f =
          List.of(Unary.values()).stream()
              .filter(u -> u.call().equals(name))
              .findFirst()
              .orElseThrow(() -> new AssertionError(name + " is not in the table"));
      assertThat(row.group(2)).as(name).isEqualTo(x.map(f).text());
      assertThat(row.group(3)).as(name).isEqualTo(f.slope(x, y).text());
      rows++;
    }
    assertThat(rows).isGreaterThan(5);
  }

  @Test
  void theTheorysUpdatesAreTheOptimizers() throws IOException {
    Formula p = Formula.of("p");
    Formula g = Formula.of("g");
    Formula lr = Formula.of("η");
    Formula mu = Formula.of("μ");
    List<Formula> numbers = List.of(lr, mu, Formula.number(1));
    List<String> lines = new ArrayList<>();
    lines.add("p ← " + SGD.options().update(p, g, List.of(), numbers).getFirst().text());
    List<Formula> momentum =
        SGD.options().momentum(0.9).update(p, g, List.of(Formula.of("b")), numbers);
    lines.add("b ← " + momentum.getLast().text());
    lines.add(
        "p ← " + momentum.getFirst().text().replace("(" + momentum.getLast().text() + ")", "b"));
    List<Formula> adam =
        Adam.options()
            .betas(0.75, 0.5)
            .update(
                p,
                g,
                List.of(Formula.of("m"), Formula.of("v")),
                List.of(
                    Formula.of("α"), Formula.of("ε"), Formula.of("β₁"), Formula.of("(1 − β₁)")));
    String m = adam.get(1).text();
    String v = adam.get(2).text();
    lines.add("m ← " + m);
    assertThat(v).isEqualTo("v·0.5 + g²·0.5");
    lines.add(
        "p ← " + adam.getFirst().text().replace("(" + m + ")", "m").replace("(" + v + ")", "v"));
    String page = Files.readString(DOCS.resolve("theory.md"));
    assertThat(lines).allSatisfy(line -> assertThat(page).contains("| " + line + " |"));
  }
}
