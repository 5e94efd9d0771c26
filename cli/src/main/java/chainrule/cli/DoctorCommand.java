package chainrule.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code chainrule doctor}. */
@Command(name = "doctor", description = "x")
final class DoctorCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
