package chainrule.benchmarks.growth;

import chainrule.benchmarks.Heap;
import chainrule.benchmarks.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Times steps along all axes, a fresh process for each axis and number of threads.
 *
 * @param threads with how many threads
 * @param quick whether only the ends and the middle of an axis are timed
 */
public record GrowthRun(List<Integer> threads, boolean quick) {
  private static final int FEW = 3;

  /** Runs them all. */
  public List<Grown> run(PrintStream err) throws IOException, InterruptedException {
    Progress progress = new Progress(err, Axis.values().length * threads.size());
    List<Grown> found = new ArrayList<>();
    for (Axis axis : Axis.values()) {
      for (int t : threads) {
        found.addAll(compared(along(axis, t)));
        progress.step(axis.call());
      }
    }
    return found;
  }

  /** With the ratios to the last. */
  static List<Grown> compared(List<Grown> sizes) {
    double last = sizes.getLast().nanosOfFlop();
    return sizes.stream()
        .map(
            g ->
                new Grown(
                    g.axis(),
                    g.size(),
                    g.threads(),
                    g.micros(),
                    g.spread(),
                    g.flops(),
                    g.nanosOfFlop() / last))
        .toList();
  }

  private List<Grown> along(Axis axis, int count) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(Heap.YOUNG);
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Dchainrule.threads=" + count);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Growth.class.getName()));
    command.addAll(List.of(axis.name(), Integer.toString(quick ? FEW : 1)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("timing steps along the axis " + axis.call() + " failed: " + said);
    }
    List<Grown> found = new ArrayList<>();
    for (String line : said.lines().toList()) {
      String[] w = line.split(" ", -1);
      found.add(
          new Grown(
              axis,
              Integer.parseInt(w[0]),
              count,
              Double.parseDouble(w[1]),
              Double.parseDouble(w[2]),
              Long.parseLong(w[3]),
              Double.NaN));
    }
    return found;
  }
}
