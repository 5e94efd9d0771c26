package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.Threads;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.runner.IterationType;

/**
 * Measures the limit that a kernel is compared with, in the process that runs the kernel, directly
 * before and after each of its iterations.
 */
public final class Instruments implements InternalProfiler {
  /** What the labels of the limits begin with; the loop's name follows. */
  static final String LIMIT = "limit.";

  /** The label of the bytes that a call allocates. */
  static final String BYTES = "bytes";

  private @Nullable Limits limits;
  private int iterations;
  private Map<String, Double> before = Map.of();

  /** Made by JMH. */
  public Instruments() {}

  @Override
  public String getDescription() {
    return "the limits of processor and memory";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    if (limits == null) {
      Case timed = Registry.find(benchmark.getParam(KernelBenchmark.PARAMETER));
      limits = new Limits(timed.kernel().roof(), Threads.COUNT);
    }
    if (iteration.getType() == IterationType.MEASUREMENT) {
      before = limits.sample();
    }
  }

  /** The mean of the rates before and after the iteration, for each loop. */
  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    if (limits == null || iteration.getType() != IterationType.MEASUREMENT) {
      return List.of();
    }
    List<ScalarResult> found = new ArrayList<>();
    limits
        .sample()
        .forEach(
            (loop, rate) ->
                found.add(scalar(LIMIT + loop, (before.getOrDefault(loop, rate) + rate) / 2)));
    iterations++;
    if (iterations == benchmark.getMeasurement().getCount()) {
      found.add(scalar(BYTES, KernelBenchmark.bytesPerCall()));
    }
    return found;
  }

  private static ScalarResult scalar(String label, double value) {
    return new ScalarResult(label, value, "", AggregationPolicy.AVG);
  }
}
