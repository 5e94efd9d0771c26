package chainrule.benchmarks.kernels;

import chainrule.benchmarks.Heap;
import chainrule.benchmarks.Progress;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Times cases with JMH, every one in processes of its own.
 *
 * <p>One round has each case once with each number of threads; the rounds follow each other, so
 * that a slow minute of the machine falls on one process of every case, not on all of one.
 *
 * @param cases what to time
 * @param threads with how many threads
 * @param forks how many processes for each case and number of threads
 */
public record KernelRun(List<Case> cases, List<Integer> threads, int forks) {
  private static final TimeValue ITERATION = TimeValue.milliseconds(60);

  private record Key(String id, int threads) {}

  /**
   * Runs them all.
   *
   * @param err where to say how far it has come
   * @throws RunnerException if a process fails
   */
  public List<Timed> run(PrintStream err) throws RunnerException {
    Map<Key, Timed> found = new LinkedHashMap<>();
    for (Case c : cases) {
      for (int t : threads) {
        found.put(new Key(c.id(), t), new Timed(c, t, new ArrayList<>()));
      }
    }
    if (cases.isEmpty()) {
      return List.of();
    }
    Quiet output = new Quiet(new Progress(err, cases.size() * threads.size() * forks));
    for (int round = 0; round < forks; round++) {
      for (int t : threads) {
        for (RunResult result : new Runner(options(t), output).run()) {
          String id = result.getParams().getParam(KernelBenchmark.PARAMETER);
          Timed timed = found.get(new Key(id, t));
          if (timed != null) {
            result.getBenchmarkResults().forEach(fork -> timed.forks().add(fork(fork)));
          }
        }
      }
    }
    return List.copyOf(found.values());
  }

  private Options options(int count) {
    return new OptionsBuilder()
        .include(KernelBenchmark.class.getName() + ".run")
        .param(KernelBenchmark.PARAMETER, cases.stream().map(Case::id).toArray(String[]::new))
        .forks(1)
        .jvmArgsPrepend(Heap.YOUNG)
        .jvmArgsAppend("-Dchainrule.threads=" + count)
        .warmupIterations(0) // the benchmark's setup calls until it is compiled
        .measurementIterations(5)
        .measurementTime(ITERATION)
        .addProfiler(Instruments.class)
        .shouldFailOnError(true)
        .build();
  }

  private static Timed.Fork fork(BenchmarkResult result) {
    Collection<IterationResult> iterations = result.getIterationResults();
    double[] nanos =
        iterations.stream().mapToDouble(i -> i.getPrimaryResult().getScore()).toArray();
    Map<String, double[]> limits = new TreeMap<>();
    long bytes = -1;
    int at = 0;
    for (IterationResult iteration : iterations) {
      int index = at++;
      Map<String, Double> found = new TreeMap<>();
      iteration
          .getSecondaryResults()
          .forEach((label, secondary) -> found.put(label, secondary.getScore()));
      for (Map.Entry<String, Double> entry : found.entrySet()) {
        String label = entry.getKey();
        if (label.equals(Instruments.BYTES)) {
          bytes = entry.getValue().longValue();
        } else if (label.startsWith(Instruments.LIMIT)) {
          limits
                  .computeIfAbsent(
                      label.substring(Instruments.LIMIT.length()),
                      l -> new double[iterations.size()])[index] =
              entry.getValue();
        }
      }
    }
    return new Timed.Fork(nanos, limits, bytes);
  }
}
