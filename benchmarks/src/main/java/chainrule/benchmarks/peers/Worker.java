package chainrule.benchmarks.peers;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The process of an engine: it reads a command a line, does it, and answers with a line.
 *
 * <pre>
 * open NAME       ready, or none if the engine has no such workload
 * turn MICROS     done CALLS NANOS: it ran for at least that time, and at least once
 * check           value X: the sum of the magnitudes of the result
 * close           closed
 * </pre>
 *
 * An answer begins with {@link #MARK} on a line of its own: native code prints where it likes. What
 * goes wrong is answered by {@code error} and a sentence. The end of the input is the end of the
 * process.
 */
public final class Worker {
  /** What every answer begins with. */
  static final String MARK = "bench> ";

  private final Engine engine;
  private Engine.@Nullable Task task;

  private Worker(Engine engine) {
    this.engine = engine;
  }

  /** Serves until the input ends, and exits; standard output belongs to the answers alone. */
  public static void serve(Engine engine) throws IOException {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Worker worker = new Worker(engine);
    answers.println("\n" + MARK + "engine " + engine.title());
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      answers.println("\n" + MARK + worker.answer(line));
    }
    System.exit(0);
  }

  private String answer(String line) {
    String[] words = line.split(" ", -1);
    try {
      return switch (words[0]) {
        case "open" -> open(words[1]);
        case "turn" -> turn(opened(), Long.parseLong(words[1]) * 1000);
        case "check" -> check(opened());
        case "close" -> close();
        default -> "error no command " + line;
      };
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      e.printStackTrace();
      return "error " + e.toString().lines().findFirst().orElse("");
    }
  }

  private Engine.Task opened() {
    if (task == null) {
      throw new IllegalStateException("no workload is open");
    }
    return task;
  }

  private String open(String name) throws Exception {
    close();
    task = engine.open(Workload.parse(name));
    return task == null ? "none" : "ready";
  }

  private static String turn(Engine.Task task, long nanos) {
    long start = System.nanoTime();
    long calls = 0;
    long elapsed;
    do {
      task.run();
      calls++;
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    return "done " + calls + " " + elapsed;
  }

  private static String check(Engine.Task task) {
    double sum = 0;
    for (float x : task.result()) {
      sum += Math.abs(x);
    }
    return "value " + sum;
  }

  private String close() throws Exception {
    Engine.Task open = task;
    task = null;
    if (open != null) {
      open.close();
    }
    return "closed";
  }
}
