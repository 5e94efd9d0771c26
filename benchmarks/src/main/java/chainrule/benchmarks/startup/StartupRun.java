package chainrule.benchmarks.startup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Starts the program again and again, with its classes archived as the launcher archives those of
 * the command line, and without; one after the other in turn.
 *
 * @param runs how often each
 */
public record StartupRun(int runs) {
  private static final String USERS = "CHAINRULE_OPTS";

  private record Ran(double seconds, double mebibytes, double loss) {}

  /** Runs them all. */
  public List<Started> run() throws IOException, InterruptedException {
    Path archive = Files.createTempFile("startup", ".aot");
    try {
      once(List.of("-XX:AOTCacheOutput=" + archive));
      List<List<String>> ways =
          List.of(List.of("-XX:AOTCache=" + archive, "-Xlog:aot=off", "-Xlog:cds=off"), List.of());
      List<List<Ran>> ran = List.of(new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < ways.size(); i++) {
        once(ways.get(i)); // files are read from the disk once
      }
      for (int run = 0; run < runs; run++) {
        for (int i = 0; i < ways.size(); i++) {
          ran.get(i).add(once(ways.get(i)));
        }
      }
      return List.of(started(true, ran.get(0)), started(false, ran.get(1)));
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private static Started started(boolean archive, List<Ran> ran) {
    return new Started(
        archive,
        ran.stream().mapToDouble(Ran::seconds).toArray(),
        ran.stream().mapToDouble(Ran::mebibytes).toArray(),
        ran.getFirst().loss());
  }

  /** The options with which the launcher starts a small training. */
  private static List<String> options() {
    String users = System.getenv().getOrDefault(USERS, "");
    List<String> options = new ArrayList<>();
    if (!users.matches(".*-XX:\\+Use\\w*GC.*")) {
      options.add("-XX:+UseParallelGC");
    }
    Arrays.stream(users.split("\\s+")).filter(word -> !word.isEmpty()).forEach(options::add);
    return options;
  }

  private static Ran once(List<String> way) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    command.addAll(way);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Xor.class.getName()));
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    double seconds = (System.nanoTime() - start) / 1e9;
    String[] words = said.lines().findFirst().orElse("").split(" ", -1);
    if (code != 0 || words.length != 2) {
      throw new IOException(
          "the program that is timed ended with " + code + " and said: " + said.strip());
    }
    return new Ran(seconds, Double.parseDouble(words[1]) / 1024, Double.parseDouble(words[0]));
  }
}
