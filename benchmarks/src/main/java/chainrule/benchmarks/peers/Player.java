package chainrule.benchmarks.peers;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The process of an engine, seen from the one that gives the turns. */
final class Player implements AutoCloseable {
  private final Peer peer;
  private final Path log;
  private final Process process;
  private final PrintStream commands;
  private final BufferedReader answers;
  private final String title;

  Player(Peer peer, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    this.peer = peer;
    this.log = log;
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    File file = log.toFile();
    builder.redirectError(ProcessBuilder.Redirect.appendTo(file));
    process = builder.start();
    commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    title = argument(answer("its start"), "engine ");
  }

  Peer peer() {
    return peer;
  }

  /** Name and version, as the engine says it. */
  String title() {
    return title;
  }

  /** Makes a workload ready; false if the engine has none such. */
  boolean open(Workload workload) throws IOException {
    return ask("open " + workload.name()).equals("ready");
  }

  /** The sum of the magnitudes of the result. */
  double check() throws IOException {
    return Double.parseDouble(argument(ask("check"), "value "));
  }

  /** The numbers of the result; of a training, its first losses. */
  double[] numbers() throws IOException {
    return Arrays.stream(argument(ask("numbers"), "numbers ").split(" ", -1))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  /** Gives a training its initial weights again. */
  void again() throws IOException {
    ask("again");
  }

  /** What a call allocates on the heap. */
  long bytes(int calls) throws IOException {
    return Long.parseLong(argument(ask("bytes " + calls), "bytes "));
  }

  /**
   * Runs for at least the given time, or as often as said, and returns the mean time of a call in
   * µs.
   */
  double turn(long micros, long calls) throws IOException {
    String[] done = argument(ask("turn " + micros + " " + calls), "done ").split(" ", -1);
    return Double.parseDouble(done[1]) / Double.parseDouble(done[0]) / 1e3;
  }

  /** Waits until its threads rest; false if they never do. */
  boolean rest() throws InterruptedException {
    return Rest.await(() -> process.info().totalCpuDuration(), Rest.LOOK_MILLIS);
  }

  /** Lets go of the workload. */
  void done() throws IOException {
    ask("close");
  }

  private String ask(String command) throws IOException {
    commands.println(command);
    return answer(command);
  }

  private String answer(String command) throws IOException {
    String line = answers.readLine();
    while (line != null && !line.startsWith(Worker.MARK)) {
      line = answers.readLine();
    }
    line = line == null ? null : line.substring(Worker.MARK.length());
    if (line == null || line.startsWith("error ")) {
      throw new IOException(
          peer.call()
              + " failed at "
              + command
              + (line == null ? "" : ": " + line.substring("error ".length()))
              + "; its log is "
              + log);
    }
    return line;
  }

  private static String argument(String line, String word) throws IOException {
    if (!line.startsWith(word)) {
      throw new IOException("an answer that begins with " + word + " is expected, not " + line);
    }
    return line.substring(word.length());
  }

  @Override
  public void close() {
    commands.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
