package chainrule.benchmarks;

import chainrule.benchmarks.growth.Grown;
import chainrule.benchmarks.growth.GrowthDrawing;
import chainrule.benchmarks.growth.GrowthRun;
import chainrule.benchmarks.kernels.Case;
import chainrule.benchmarks.kernels.KernelRun;
import chainrule.benchmarks.kernels.Registry;
import chainrule.benchmarks.kernels.Timed;
import chainrule.benchmarks.peers.Compared;
import chainrule.benchmarks.peers.Peer;
import chainrule.benchmarks.peers.PeerBuild;
import chainrule.benchmarks.peers.PeerRun;
import chainrule.benchmarks.peers.Roofline;
import chainrule.benchmarks.peers.Trained;
import chainrule.benchmarks.peers.Training;
import chainrule.benchmarks.peers.Workload;
import chainrule.benchmarks.startup.Started;
import chainrule.benchmarks.startup.StartupRun;
import chainrule.benchmarks.ulp.Elementary;
import chainrule.benchmarks.ulp.Survey;
import chainrule.benchmarks.ulp.Survey.Found;
import chainrule.data.Json;
import chainrule.internal.kernel.KernelChoice;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The program {@code chainrule bench}. */
@Command(
    name = "chainrule bench",
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

  private static final int FORKS = 5;
  private static final int PEER_FORKS = 3;
  private static final int STARTS = 11;

  /** How many floats of a quick survey lie between two that are computed; a prime. */
  private static final int SPARSE = 4099;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  @SuppressWarnings("UnusedVariable") // that it is an option is enough for picocli
  private boolean help;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description =
          "Fresh processes for each kernel and number of threads (default 5, for peers 3, startup"
              + " 11, quick 1).")
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
      names = "--peers",
      description = {
        "Other engines beside this one, on the same work, in turns: kernels, and whole training"
            + " steps. libtorch through DJL, TensorFlow Java, ND4J and Encog, which Maven fetches"
            + " on first use; for training steps also PyTorch and NumPy, if the system's Python has"
            + " them. Times of a call, and the best peer's over ours. --kernel and --workload"
            + " choose."
      })
  private boolean peers;

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      split = ",",
      description =
          "With --peers, only these training steps (with --roofline, this one): moons, tiny,"
              + " nielsen, mlp64, mlp256, deepbn, cnn, gpt, infer1, or all.")
  private List<String> trainings = new ArrayList<>();

  @Option(
      names = "--growth",
      description = {
        "The time of a training step against batch, width, depth and length of sequences, over two"
            + " decades each, beside its arithmetic; a table and a drawing (--out)."
      })
  private boolean growth;

  @Option(
      names = "--roofline",
      description = {
        "What a step runs and where its time goes (--workload, default mlp64): its plan, a table"
            + " beside the limits of processor and memory, and a drawing (--out)."
      })
  private boolean roofline;

  @Option(
      names = "--startup",
      description = {
        "XOR, 1,000 steps, in a process of its own: seconds from start to end, and the memory it"
            + " held."
      })
  private boolean startup;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where --growth and --roofline draw (default growth.svg and roofline.svg).")
  private Path drawing = Path.of("");

  @Option(
      names = "--ulp",
      description = {
        "Instead of times: the largest error of exp, log, tanh, sigmoid, erf, sin and cos over all"
            + " 2^32 floats (sine and cosine up to where their polynomials end), and how many"
            + " results of the kernels here have other bits than the scalar ones. --kernel chooses"
            + " some of them, --quick takes every 4,099th float. Exit code 1 beyond 2 ulp or if"
            + " bits differ."
      })
  private boolean ulp;

  @Option(names = "--quick", description = "Fewer kernels and one process each: a minute or two.")
  private boolean quick;

  @Option(names = "--all", description = "All kernels, also those that a usual run leaves out.")
  private boolean all;

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
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(
            (e, _) -> complain(err, String.valueOf(e.getMessage()), WRONG))
        .setExecutionExceptionHandler((e, _, _) -> complain(err, String.valueOf(e), FAILED));
    return line.execute(args);
  }

  private static int complain(PrintStream err, String sentence, int code) {
    err.println("chainrule bench: " + sentence.strip());
    return code;
  }

  @Override
  public Integer call() throws Exception {
    if (forks < 0 || threads.stream().anyMatch(t -> t < 1)) {
      throw wrong("--forks and --threads are whole numbers from 1");
    }
    if (Stream.of(peers, ulp, growth, roofline, startup).filter(on -> on).count() > 1) {
      throw wrong(
          "--peers, --ulp, --growth, --roofline and --startup exclude each other; give one of"
              + " them");
    }
    if (!trainings.isEmpty() && !peers && !roofline) {
      throw wrong("--workload chooses what --peers or --roofline runs; give one of them too");
    }
    if (peers) {
      return compare();
    }
    if (roofline) {
      return roofline();
    }
    return ulp ? survey() : growth ? grow() : startup ? start() : time();
  }

  /** Kernels beside the limits of the machine. */
  private int time() throws RunnerException {
    Case.Run run = quick ? Case.Run.QUICK : all ? Case.Run.ALL : Case.Run.USUAL;
    List<Case> cases =
        choose(
            Registry.cases(),
            Case::matches,
            c -> c.kernel().name(),
            c -> c.run().compareTo(run) <= 0);
    if (list) {
      return names(cases, Case::id);
    }
    err.println("bench: " + KernelChoice.REASON);
    List<Timed> found = new KernelRun(cases, counts(), forks(FORKS)).run(err);
    return report(found, Timed::json, Timed.heads(), Timed::cells, 2);
  }

  /** Other engines beside this one. */
  private int compare() throws IOException, InterruptedException {
    List<Workload> chosen = new ArrayList<>();
    if (trainings.isEmpty() || !kernels.isEmpty()) {
      chosen.addAll(
          choose(
              Workload.kernels(), Workload::matches, Workload::kernel, w -> !quick || w.quick()));
    }
    if (kernels.isEmpty() || !trainings.isEmpty()) {
      chosen.addAll(chosenTrainings());
    }
    if (list) {
      return names(chosen, Workload::name);
    }
    PeerBuild build = new PeerBuild(root());
    Set<Peer> wanted =
        Arrays.stream(Peer.values())
            .filter(p -> chosen.stream().anyMatch(p::takesPart))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Peer.class)));
    Map<Peer, Path> folders = build.folders(wanted, err);
    if (folders.size() == 1) {
      return WRONG;
    }
    PeerRun run = new PeerRun(chosen, counts(), forks(PEER_FORKS), quick ? 5 : 9);
    List<Compared> found = run.run(folders, build.logs(), err);
    List<Compared> timed = found.stream().filter(c -> c.workload().training().isEmpty()).toList();
    List<Trained> trained =
        found.stream().filter(c -> c.workload().training().isPresent()).map(Trained::new).toList();
    if (!timed.isEmpty()) {
      report(timed, Compared::json, Compared.heads(), Compared::cells, 1);
    }
    if (!trained.isEmpty()) {
      report(trained, Trained::json, Trained.heads(), Trained::cells, 1);
    }
    return trained.stream().allMatch(Trained::agree) ? DONE : FAILED;
  }

  private List<Workload> chosenTrainings() {
    List<Workload> all = Workload.trainings();
    for (String word : trainings) {
      if (!word.equals("all") && all.stream().noneMatch(w -> w.matches(word))) {
        String known = String.join(", ", all.stream().map(Workload::name).toList());
        throw wrong("no workload " + word + "; there are " + known);
      }
    }
    return all.stream()
        .filter(
            w ->
                trainings.isEmpty()
                    ? !quick || w.quick()
                    : trainings.contains("all") || trainings.stream().anyMatch(w::matches))
        .toList();
  }

  private static Path root() {
    return Path.of(System.getProperty("chainrule.root", "")).toAbsolutePath();
  }

  /** Training steps that become larger. */
  private int grow() throws IOException, InterruptedException {
    List<Grown> found = new GrowthRun(counts(), quick).run(err);
    write(GrowthDrawing.draw(found), "growth.svg");
    return report(found, Grown::json, Grown.heads(), Grown::cells, 1);
  }

  private void write(Svg picture, String usual) throws IOException {
    Path file = drawing.toString().isEmpty() ? Path.of(usual) : drawing;
    picture.write(file);
    err.println("bench: drawn in " + file);
  }

  /** The steps of a training step. */
  private int roofline() throws IOException {
    String name = trainings.isEmpty() ? "mlp64" : trainings.getFirst();
    Training training =
        Arrays.stream(Training.values())
            .filter(t -> t.name().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow(() -> wrong("no workload " + name + "; --help names them"));
    if (trainings.size() > 1 || threads.size() > 1) {
      throw wrong("--roofline looks at one --workload with one number of --threads");
    }
    int count = threads.isEmpty() ? 1 : threads.getFirst();
    System.setProperty("chainrule.threads", Integer.toString(count));
    Roofline found = Roofline.measure(training);
    out.println(found.plan());
    out.print(found.profile());
    write(found.draw(name + ", " + count + (count == 1 ? " thread" : " threads")), "roofline.svg");
    return DONE;
  }

  /** A small program from start to end. */
  private int start() throws IOException, InterruptedException {
    int runs = forks(STARTS);
    return report(new StartupRun(runs).run(), Started::json, Started.heads(), Started::cells, 1);
  }

  /** Elementary functions over all floats. */
  private int survey() throws InterruptedException {
    List<Elementary> functions =
        choose(
            List.of(Elementary.values()),
            (f, word) -> f.call().equals(word),
            Elementary::call,
            f -> true);
    if (list) {
      return names(functions, Elementary::call);
    }
    err.println("bench: " + KernelChoice.REASON);
    int count = Collections.max(counts());
    List<Found> found = new Survey(quick ? SPARSE : 1).run(functions, count, err);
    report(found, Found::json, Found.heads(), Found::cells, 1);
    return found.stream().allMatch(Found::good) ? DONE : FAILED;
  }

  /** What --kernel names, or else what this run has. */
  private <T> List<T> choose(
      List<T> all, BiPredicate<T, String> matches, Function<T, String> name, Predicate<T> usual) {
    for (String word : kernels) {
      if (all.stream().noneMatch(t -> matches.test(t, word))) {
        String known = String.join(", ", new TreeSet<>(all.stream().map(name).toList()));
        throw wrong("no kernel " + word + "; there are " + known);
      }
    }
    return all.stream()
        .filter(
            t ->
                kernels.isEmpty()
                    ? usual.test(t)
                    : kernels.stream().anyMatch(word -> matches.test(t, word)))
        .toList();
  }

  private <T> int names(List<T> all, Function<T, String> name) {
    all.forEach(t -> out.println(name.apply(t)));
    return DONE;
  }

  private <T> int report(
      List<T> found,
      Function<T, Map<String, Object>> line,
      List<String> heads,
      Function<T, List<String>> cells,
      int left) {
    if (json) {
      found.forEach(t -> out.println(Json.write(line.apply(t))));
    } else {
      List<List<String>> rows = new ArrayList<>(List.of(heads));
      found.forEach(t -> rows.add(cells.apply(t)));
      Text.table(rows, left).forEach(out::println);
    }
    return DONE;
  }

  private int forks(int usual) {
    return forks > 0 ? forks : quick ? 1 : usual;
  }

  private List<Integer> counts() {
    int processors = Runtime.getRuntime().availableProcessors();
    return threads.isEmpty() ? Stream.of(1, processors).distinct().toList() : threads;
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(new CommandLine(this), sentence);
  }
}
