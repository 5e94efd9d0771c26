package chainrule.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code chainrule gradcheck}. */
@Command(name = "gradcheck", description = "x")
final class GradcheckCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
