package chainrule.benchmarks.growth;

import chainrule.benchmarks.Heap;
import chainrule.benchmarks.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Times steps along all axes, a fresh process for each size and number of threads.
 *
 * @param threads with how many threads
 * @param quick whether only the ends and the middle of an axis are timed
 */
public record GrowthRun(List<Integer> threads, boolean quick) {
  private static final int FEW = 3;
  private static final int WORDS = 3;

  /** Runs them all. */
  public List<Grown> run(PrintStream err) throws IOException, InterruptedException {
    int stride = quick ? FEW : 1;
    List<Grown> found = new ArrayList<>();
    Progress progress =
        new Progress(
            err,
            threads.size()
                * Arrays.stream(Axis.values()).mapToInt(a -> sizes(a, stride).length).sum());
    for (Axis axis : Axis.values()) {
      for (int t : threads) {
        List<Grown> along = new ArrayList<>();
        for (int size : sizes(axis, stride)) {
          along.add(time(axis, size, t));
          progress.step(axis.call() + " " + size);
        }
        found.addAll(compared(along));
      }
    }
    return found;
  }

  private static int[] sizes(Axis axis, int stride) {
    int[] all = axis.sizes();
    return IntStream.iterate(0, i -> i < all.length, i -> i + stride).map(i -> all[i]).toArray();
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

  private static Grown time(Axis axis, int size, int count)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(Heap.YOUNG);
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Dchainrule.threads=" + count);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Growth.class.getName()));
    command.addAll(List.of(axis.name(), Integer.toString(size)));
    // what it says on standard error comes before its line
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String[] words = said.lines().reduce("", (_, line) -> line).split(" ", -1);
    if (process.waitFor() != 0 || words.length != WORDS) {
      throw new IOException(
          "timing a step at the " + axis.call() + " " + size + " failed: " + said.strip());
    }
    return new Grown(
        axis,
        size,
        count,
        Double.parseDouble(words[0]),
        Double.parseDouble(words[1]),
        Long.parseLong(words[2]),
        Double.NaN);
  }
}
