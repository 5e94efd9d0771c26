package chainrule.cli;

import chainrule.examples.Examples;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule example}. */
@Command(
    name = "example",
    description = {
      "Run a numbered example, a program of at most 80 lines that teaches; list them without a"
          + " name.",
      "",
      "  chainrule example 01-one-weight",
      "  chainrule example 05",
      "  chainrule example 10-lstm 100 3000"
    })
final class ExampleCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The example's name, or its number.")
  private @Nullable String name;

  @Parameters(
      index = "1..*",
      paramLabel = "ARGUMENT",
      description = "What the example is told; its page says what it takes.")
  private String[] arguments = {};

  @Override
  public Integer call() throws Exception {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    if (name == null) {
      Examples.names().forEach(terminal.out()::println);
      return Main.DONE;
    }
    String wanted = name;
    if (Examples.names().stream().noneMatch(n -> n.equals(wanted) || n.startsWith(wanted + "-"))) {
      String near = Nearest.to(wanted, Examples.names());
      throw new UsageException(
          "there is no example '"
              + wanted
              + "'"
              + (near.isEmpty()
                  ? "; chainrule example lists them"
                  : "; did you mean " + near + "?"));
    }
    terminal.out().flush();
    Examples.run(wanted, arguments);
    return Main.DONE;
  }
}
