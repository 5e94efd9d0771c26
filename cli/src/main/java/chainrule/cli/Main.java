package chainrule.cli;

import chainrule.data.DataException;
import chainrule.train.DivergedException;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code chainrule}. */
@Command(
    name = "chainrule",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    description = "Neural networks whose derivatives you can see, check and trust.",
    optionListHeading = "%nOptions%n",
    commandListHeading = "%nCommands%n",
    parameterListHeading = "%nParameters%n",
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      SummaryCommand.class,
      GradcheckCommand.class,
      ConformanceCommand.class,
      GraphCommand.class,
      ExplainCommand.class,
      HealthCommand.class,
      ExampleCommand.class,
      ReproduceCommand.class,
      DoctorCommand.class
    })
public final class Main implements Runnable {
  /** Done. */
  static final int DONE = 0;

  /** A law or a figure failed. */
  static final int FAILED = 1;

  /** Wrong use or bad input. */
  static final int WRONG = 2;

  /** Interrupted, and saved. */
  static final int INTERRUPTED = 130;

  private final Terminal terminal;
  private final Interrupt interrupt;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "On an error, show where in the program it arose (or set CHAINRULE_DEBUG=1).")
  private boolean debug;

  private Main(Terminal terminal, Interrupt interrupt) {
    this.terminal = terminal;
    this.interrupt = interrupt;
  }

  /** Runs a command in its own process and exits with its code. */
  public static void main(String[] args) {
    Interrupt interrupt = new Interrupt();
    interrupt.install();
    StandardStream results = new StandardStream(FileDescriptor.out);
    Terminal terminal = standard(results);
    int code = FAILED;
    try {
      code = run(args, terminal, interrupt);
      String lost = results.lost();
      if (lost != null) {
        terminal.err().println("chainrule: standard output: cannot be written: " + lost);
        code = WRONG;
      }
    } finally {
      terminal.out().flush();
      terminal.err().flush();
      interrupt.commandReturned();
      System.exit(code);
    }
  }

  /**
   * Runs a command and returns its exit code.
   *
   * @param args the arguments after the program's name
   * @param out results
   * @param err what is wrong, one sentence
   */
  public static int run(String[] args, PrintWriter out, PrintWriter err) {
    return run(args, Terminal.plain(out, err), new Interrupt());
  }

  static int run(String[] args, Terminal terminal, Interrupt interrupt) {
    Main main = new Main(terminal, interrupt);
    CommandLine line = new CommandLine(main);
    line.setOut(terminal.out())
        .setErr(terminal.err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((e, arguments) -> main.wrongUse(e))
        .setExecutionExceptionHandler((e, command, result) -> main.failed(e));
    // a program of its own, which the launcher starts
    line.getCommandSpec().usageMessage().footer("  bench      Time the kernels and other engines.");
    int code = main.execute(line, args);
    terminal.out().flush();
    terminal.err().flush();
    return code;
  }

  /** Runs the command; what the virtual machine cannot give is told in a sentence too. */
  private int execute(CommandLine line, String[] args) {
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      return complain(
          "%d MB of memory are not enough; allow more with CHAINRULE_OPTS=-Xmx… or take fewer rows,"
                  .formatted(Runtime.getRuntime().maxMemory() >> 20)
              + " smaller batches or smaller layers",
          e,
          WRONG);
    } catch (Error e) {
      return fault(e);
    }
  }

  /** Without a command: the help, as an error. */
  @Override
  public void run() {
    throw new UsageException(
        "which command? one of train, evaluate, predict, gradcheck, conformance, graph, explain,"
            + " health, example, reproduce, doctor; --help explains");
  }

  Terminal terminal() {
    return terminal;
  }

  Interrupt interrupt() {
    return interrupt;
  }

  private int wrongUse(ParameterException e) {
    String sentence =
        String.valueOf(e.getMessage())
            .replaceFirst(" is not an? (int|long)$", " is not a whole number")
            .replaceFirst(" is not a double$", " is not a number");
    if (e instanceof UnmatchedArgumentException unmatched) {
      CommandSpec spec = unmatched.getCommandLine().getCommandSpec();
      Set<String> known = new TreeSet<>(spec.optionsMap().keySet());
      known.addAll(spec.subcommands().keySet());
      String near = Nearest.to(unmatched.getUnmatched().getFirst(), known);
      sentence += near.isEmpty() ? "" : "; did you mean " + near + "?";
    }
    String help = e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    return complain(sentence + (sentence.contains("--help") ? "" : " (" + help + ")"), e, WRONG);
  }

  private int failed(Exception e) {
    return switch (e) {
      case DivergedException diverged -> complain(diverged.getMessage(), e, FAILED);
      case UsageException wrong -> complain(wrong.getMessage(), e, WRONG);
      case DataException bad -> complain(bad.getMessage(), e, WRONG);
      case UncheckedIOException wrapped -> complain(sentence(wrapped.getCause()), e, WRONG);
      case IOException io -> complain(sentence(io), e, WRONG);
      case IllegalArgumentException bad -> complain(bad.getMessage(), e, WRONG);
      case IllegalStateException bad -> complain(bad.getMessage(), e, WRONG);
      default -> fault(e);
    };
  }

  private int fault(Throwable e) {
    return complain("a fault of the program: " + e + "; --debug shows where it arose", e, FAILED);
  }

  private static String sentence(@Nullable IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
      case AccessDeniedException denied -> denied.getFile() + ": access denied";
      case FileSystemException other when other.getReason() != null ->
          other.getFile() + ": " + other.getReason();
      case null -> "reading or writing failed";
      default -> String.valueOf(e.getMessage());
    };
  }

  private int complain(@Nullable String sentence, Throwable e, int code) {
    terminal.err().println("chainrule: " + (sentence == null ? e.toString() : sentence).strip());
    if (debug || System.getenv("CHAINRULE_DEBUG") != null) {
      e.printStackTrace(terminal.err());
    }
    terminal.err().flush();
    return code;
  }

  /** The process's own streams: in a person's terminal its charset, elsewhere UTF-8. */
  private static Terminal standard(StandardStream results) {
    boolean interactive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    Charset charset = interactive ? System.out.charset() : StandardCharsets.UTF_8;
    boolean rewrite =
        interactive
            && !"dumb".equals(System.getenv("TERM"))
            && charset.equals(StandardCharsets.UTF_8);
    boolean colour = rewrite && System.getenv("NO_COLOR") == null;
    return new Terminal(
        new PrintWriter(results, false, charset),
        new PrintWriter(new StandardStream(FileDescriptor.err), false, charset),
        rewrite,
        colour);
  }
}
