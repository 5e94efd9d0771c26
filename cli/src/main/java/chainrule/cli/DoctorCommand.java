package chainrule.cli;

import chainrule.cli.report.JsonText;
import chainrule.tensor.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule doctor}. */
@Command(
    name = "doctor",
    description = {
      "Say what this machine computes with, and why.",
      "",
      "Exit code 1 if something should be changed."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final Runtime.Version OLDEST = Runtime.Version.parse("25.0.3");
  private static final Path CGROUP_CPU = Path.of("/sys/fs/cgroup/cpu.max");
  private static final double GIB = 1L << 30;

  /** One finding; {@code good} is false where something should be changed. */
  private record Finding(String what, String text, boolean good) {}

  @ParentCommand private @Nullable Main main;

  @Option(names = "--json", description = "Print a JSON object and nothing else.")
  private boolean json;

  @Override
  public Integer call() {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    List<Finding> findings = new ArrayList<>();
    findings.add(new Finding("chainrule", Version.number(), true));
    findings.add(java());
    findings.add(virtualMachine());
    findings.addAll(kernels());
    findings.add(threads());
    findings.add(memory());
    findings.add(
        new Finding(
            "system",
            "%s %s, %s"
                .formatted(
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch")),
            true));
    boolean good = findings.stream().allMatch(Finding::good);
    if (json) {
      Map<String, Object> map = new LinkedHashMap<>();
      findings.forEach(f -> map.put(f.what(), f.text()));
      map.put("good", good);
      terminal.out().println(JsonText.of(map));
    } else {
      findings.forEach(
          f -> terminal.field(f.what(), (f.good() ? "" : terminal.bold("! ")) + f.text()));
    }
    return good ? Main.DONE : Main.FAILED;
  }

  private static Finding java() {
    Runtime.Version version = Runtime.version();
    boolean good = version.compareTo(OLDEST) >= 0;
    String text = version + ", " + System.getProperty("java.vendor");
    return new Finding(
        "java",
        good ? text : text + "; versions before 25.0.3 can corrupt arrays: install " + OLDEST,
        good);
  }

  private static Finding virtualMachine() {
    String name = System.getProperty("java.vm.name", "?");
    String mode = System.getProperty("java.vm.info", "");
    boolean compiles = !mode.contains("interpreted");
    return new Finding(
        "vm",
        name + ", " + mode + (compiles ? "" : "; without its compiler everything is slow"),
        compiles);
  }

  private static List<Finding> kernels() {
    try {
      return List.of(
          new Finding("kernels", Engine.kernels(), true),
          new Finding("fma", "fused multiply-add runs in hardware", true));
    } catch (IllegalStateException e) {
      return List.of(new Finding("kernels", String.valueOf(e.getMessage()), false));
    }
  }

  private static Finding threads() {
    String set = System.getProperty("chainrule.threads");
    List<String> parts = new ArrayList<>();
    parts.add(set == null ? "one for each processor" : "set by -Dchainrule.threads");
    parts.add(Runtime.getRuntime().availableProcessors() + " processors at hand");
    String limit = containerLimit();
    if (!limit.isEmpty()) {
      parts.add(limit);
    }
    return new Finding("threads", Engine.threads() + ": " + String.join(", ", parts), true);
  }

  /** The processor quota of a Linux container, if there is one. */
  private static String containerLimit() {
    if (!Files.isReadable(CGROUP_CPU)) {
      return "";
    }
    try {
      String[] quota = Files.readString(CGROUP_CPU).strip().split(" ");
      return quota.length == 2 && !quota[0].equals("max")
          ? String.format(
              Locale.ROOT,
              "a container limit of %.1f",
              Double.parseDouble(quota[0]) / Double.parseDouble(quota[1]))
          : "no container limit";
    } catch (IOException | NumberFormatException unreadable) {
      return "";
    }
  }

  private static Finding memory() {
    return new Finding(
        "memory",
        String.format(
            Locale.ROOT,
            "%.1f GiB for the heap at most (-Xmx changes it)",
            Runtime.getRuntime().maxMemory() / GIB),
        true);
  }
}
