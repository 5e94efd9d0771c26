package chainrule.benchmarks;

import chainrule.benchmarks.kernels.Case;
import chainrule.benchmarks.kernels.KernelRun;
import chainrule.benchmarks.kernels.Registry;
import chainrule.benchmarks.kernels.Timed;
import chainrule.data.Json;
import chainrule.internal.kernel.KernelChoice;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The program {@code chainrule bench}. */
@Command(
    name = "chainrule bench",
    mixinStandardHelpOptions = true,
    description = {
      "Time the kernels as a share of what this machine can do.",
      "",
      "The limits, multiply-adds in registers and copying between arrays beyond the caches, are"
          + " measured in the same process directly before and after what is compared with them."
          + " Every figure is the median over fresh processes of each one's median."
    },
    optionListHeading = "%nOptions%n")
public final class Main implements Callable<Integer> {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG = 2;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "Fresh processes for each kernel and number of threads (default 5; quick 1).")
  private int forks;

  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      split = ",",
      description = "Only these kernels or families, such as sgemm, rows, softmax/4096x1024.")
  private List<String> kernels = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "With how many threads (default 1 and one for each processor).")
  private List<Integer> threads = new ArrayList<>();

  @Option(names = "--quick", description = "Fewer kernels and one process each: a minute or two.")
  private boolean quick;

  @Option(names = "--json", description = "Print one JSON object a line, and no table.")
  private boolean json;

  @Option(names = "--list", description = "Print the names of what can be timed, and end.")
  private boolean list;

  private final PrintStream out;
  private final PrintStream err;

  Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    Runtime.getRuntime().addShutdownHook(new Thread(Main::endChildren));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int code = run(args, out, err);
    out.flush();
    System.exit(code);
  }

  /** Interrupted, no process that was started here stays behind. */
  private static void endChildren() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    CommandLine line = new CommandLine(new Main(out, err));
    line.setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((e, _) -> complain(err, e.getMessage(), WRONG))
        .setExecutionExceptionHandler((e, _, _) -> complain(err, String.valueOf(e), FAILED));
    return line.execute(args);
  }

  private static int complain(PrintStream err, String sentence, int code) {
    err.println("chainrule bench: " + sentence.strip());
    return code;
  }

  @Override
  public Integer call() throws Exception {
    List<Case> chosen = chosen();
    if (list) {
      chosen.forEach(c -> out.println(c.id()));
      return DONE;
    }
    int processors = Runtime.getRuntime().availableProcessors();
    List<Integer> counts =
        threads.isEmpty() ? Stream.of(1, processors).distinct().toList() : threads;
    int processes = forks > 0 ? forks : quick ? 1 : 5;
    err.println("bench: " + KernelChoice.REASON + "; " + processors + " processors");
    List<Timed> found = new KernelRun(chosen, counts, processes).run(err);
    if (json) {
      found.forEach(t -> out.println(Json.write(t.json())));
    } else {
      List<List<String>> rows = new ArrayList<>(List.of(Timed.heads()));
      found.forEach(t -> rows.add(t.cells()));
      Text.table(rows, 2).forEach(out::println);
    }
    return DONE;
  }

  private List<Case> chosen() {
    for (String word : kernels) {
      if (Registry.cases().stream().noneMatch(c -> c.matches(word))) {
        TreeSet<String> known = new TreeSet<>();
        Registry.cases().forEach(c -> known.add(c.kernel().name()));
        throw new ParameterException(
            new CommandLine(this), "no kernel " + word + "; there are " + String.join(", ", known));
      }
    }
    return Registry.cases().stream()
        .filter(c -> kernels.isEmpty() ? c.quick() || !quick : kernels.stream().anyMatch(c::matches))
        .toList();
  }
}
