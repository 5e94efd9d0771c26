package chainrule.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code chainrule graph}. */
@Command(name = "graph", description = "x")
final class GraphCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
