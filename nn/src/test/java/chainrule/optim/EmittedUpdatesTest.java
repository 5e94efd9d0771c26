package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.tensor.DType;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every optimizer gives the bits of tensors where its loop is emitted at the first step. */
class EmittedUpdatesTest {
  /** Runs all of them; an optimizer that fails ends the process with an error. */
  static final class Steps {
    private Steps() {}

    public static void main(String[] args) {
      OptimizerTest.elementwise()
          .forEach(
              e -> {
                OptimizerTest.sameAsTensors(e.getValue(), DType.F32);
                OptimizerTest.sameAsTensors(e.getValue(), DType.F64);
                System.out.println(e.getKey());
              });
    }
  }

  @Test
  void emittedAtOnce() throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-modules") || option.startsWith("-Dchainrule.kernels")) {
        command.add(option);
      }
    }
    command.addAll(List.of("-Xmx1g", "-XX:+UseParallelGC", "-Dchainrule.emit=now", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Steps.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    OptimizerTest.elementwise()
        .forEach(e -> assertEquals(1, output.lines().filter(e.getKey()::equals).count(), output));
  }
}
