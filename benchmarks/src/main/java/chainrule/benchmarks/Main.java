package chainrule.benchmarks;

import chainrule.benchmarks.kernels.Case;
import chainrule.benchmarks.kernels.KernelRun;
import chainrule.benchmarks.kernels.Registry;
import chainrule.benchmarks.kernels.Timed;
import chainrule.benchmarks.ulp.Function;
import chainrule.benchmarks.ulp.Survey;
import chainrule.data.Json;
import chainrule.internal.kernel.KernelChoice;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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

  /** How many floats of a quick survey lie between two that are computed; a prime. */
  private static final int SPARSE = 4099;

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

  @Option(
      names = "--ulp",
      description = {
        "Instead of times: the largest error of exp, log, tanh, sigmoid, erf, sin and cos over all"
            + " 2^32 floats (sine and cosine up to where their polynomials end), and how many results"
            + " of the kernels here have other bits than the scalar ones. --kernel chooses some of"
            + " them, --quick takes every 4,099th float. Exit code 1 beyond 2 ulp or if bits differ."
      })
  private boolean ulp;

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

  /** Runs the command and exits with its code; the launcher's own word bench is passed over. */
  public static void main(String[] args) {
    Runtime.getRuntime().addShutdownHook(new Thread(Main::endChildren));
    System.setProperty("jmh.ignoreLock", "true"); // it lies in a folder that all users share
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int first = args.length > 0 && args[0].equals("bench") ? 1 : 0;
    int code = run(Arrays.copyOfRange(args, first, args.length), out, err);
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
        .setParameterExceptionHandler((e, _) -> complain(err, String.valueOf(e.getMessage()), WRONG))
        .setExecutionExceptionHandler((e, _, _) -> complain(err, String.valueOf(e), FAILED));
    return line.execute(args);
  }

  private static int complain(PrintStream err, String sentence, int code) {
    err.println("chainrule bench: " + sentence.strip());
    return code;
  }

  @Override
  public Integer call() throws Exception {
    if (ulp) {
      return survey();
    }
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

  private int survey() throws InterruptedException {
    List<String> known = Stream.of(Function.values()).map(Function::call).toList();
    for (String word : kernels) {
      if (!known.contains(word)) {
        throw unknown(word, known);
      }
    }
    List<Function> functions =
        Stream.of(Function.values())
            .filter(f -> kernels.isEmpty() || kernels.contains(f.call()))
            .toList();
    int count =
        threads.isEmpty() ? Runtime.getRuntime().availableProcessors() : threads.getFirst();
    err.println("bench: " + KernelChoice.REASON + "; " + count + " threads");
    List<Survey.Found> found = new Survey(quick ? SPARSE : 1).run(functions, count, err);
    if (json) {
      found.forEach(f -> out.println(Json.write(f.json())));
    } else {
      List<List<String>> rows = new ArrayList<>(List.of(Survey.Found.heads()));
      found.forEach(f -> rows.add(f.cells()));
      Text.table(rows, 1).forEach(out::println);
    }
    return found.stream().allMatch(Survey.Found::good) ? DONE : FAILED;
  }

  private ParameterException unknown(String word, Collection<String> known) {
    return new ParameterException(
        new CommandLine(this), "no kernel " + word + "; there are " + String.join(", ", known));
  }

  private List<Case> chosen() {
    for (String word : kernels) {
      if (Registry.cases().stream().noneMatch(c -> c.matches(word))) {
        TreeSet<String> known = new TreeSet<>();
        Registry.cases().forEach(c -> known.add(c.kernel().name()));
        throw unknown(word, known);
      }
    }
    return Registry.cases().stream()
        .filter(
            c -> kernels.isEmpty() ? c.quick() || !quick : kernels.stream().anyMatch(c::matches))
        .toList();
  }
}
