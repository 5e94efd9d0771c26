package chainrule.cli;

import chainrule.data.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The conformance table's results on the kernels that this process does not run on. */
final class OtherKernels {
  private OtherKernels() {}

  /**
   * A hash for each row of which the name contains one of those given, from another process; none
   * where the other kernels cannot run.
   */
  static Map<String, String> digests(List<String> names) {
    String other = Environment.kernels().startsWith("vector") ? "scalar" : "vector";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    if (other.equals("vector")) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.add("-Dchainrule.kernels=" + other);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "conformance", "--digests", "--debug"));
    command.addAll(names);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != Main.DONE) {
        if (out.contains("-Dchainrule.kernels=" + other)) {
          return Map.of();
        }
        throw new IllegalStateException(
            "the %s kernels, in a process of their own, failed: %s".formatted(other, out.strip()));
      }
      Map<String, String> digests = new LinkedHashMap<>();
      Json.parseObject(other + " kernels", out.substring(out.indexOf('{')))
          .forEach((title, digest) -> digests.put(title, String.valueOf(digest)));
      return digests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the " + other + " kernels", e);
    }
  }
}
