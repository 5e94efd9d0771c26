package chainrule.benchmarks.peers;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The process of an engine: it reads a command a line, does it, and answers with a line.
 *
 * <pre>
 * open NAME          ready, or none if the engine has no such workload
 * turn MICROS CALLS  done CALLS NANOS: it ran for at least that time or as often, at least once
 * check              value X: the sum of the magnitudes of the result
 * numbers            numbers X Y …: the result, of a training the first losses
 * again              ready: a training has its initial weights again
 * bytes CALLS        bytes N: what a call allocates on the heap, the least mean of a few times CALLS
 * close              closed
 * </pre>
 *
 * An answer begins with {@link #MARK} on a line of its own: native code prints where it likes. What
 * goes wrong is answered by {@code error} and a sentence. The end of the input is the end of the
 * process.
 */
public final class Worker {
  /** What every answer begins with. */
  static final String MARK = "bench> ";

  /** How often the bytes of calls are counted. */
  private static final int MEASURED = 5;

  private final Engine engine;
  private Engine.@Nullable Task task;
  private String name = "";

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
        case "turn" -> turn(opened(), Long.parseLong(words[1]) * 1000, Long.parseLong(words[2]));
        case "check" -> check(opened());
        case "numbers" -> numbers(opened());
        case "again" -> opened().again() ? "ready" : open(name);
        case "bytes" -> bytes(opened(), Integer.parseInt(words[1]));
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

  private String open(String next) throws Exception {
    close();
    name = next;
    task = engine.open(Workload.parse(next));
    return task == null ? "none" : "ready";
  }

  private static String turn(Engine.Task task, long nanos, long most) {
    long start = System.nanoTime();
    long calls = 0;
    long elapsed;
    do {
      task.run();
      calls++;
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos && calls < most);
    return "done " + calls + " " + elapsed;
  }

  private static String check(Engine.Task task) {
    double sum = 0;
    for (float x : task.result()) {
      sum += Math.abs(x);
    }
    return "value " + sum;
  }

  private static String numbers(Engine.Task task) {
    StringBuilder numbers = new StringBuilder("numbers");
    for (float x : task.result()) {
      numbers.append(' ').append(x);
    }
    return numbers.toString();
  }

  private static String bytes(Engine.Task task, int calls) {
    if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)) {
      return "bytes -1";
    }
    long least = Long.MAX_VALUE;
    for (int i = 0; i < MEASURED; i++) {
      long before = threads.getTotalThreadAllocatedBytes();
      for (int call = 0; call < calls; call++) {
        task.run();
      }
      least = Math.min(least, (threads.getTotalThreadAllocatedBytes() - before) / calls);
    }
    return "bytes " + least;
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
