package chainrule.benchmarks.kernels;

import chainrule.benchmarks.Progress;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** Of all that JMH tells, only which case is done. */
final class Quiet implements OutputFormat {
  private final Progress progress;

  Quiet(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void endBenchmark(BenchmarkResult result) {
    progress.step(result.getParams().getParam(KernelBenchmark.PARAMETER));
  }

  @Override
  public void startRun() {}

  @Override
  public void endRun(Collection<RunResult> results) {}

  @Override
  public void startBenchmark(BenchmarkParams benchmark) {}

  @Override
  public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {}

  @Override
  public void iterationResult(
      BenchmarkParams benchmark, IterationParams params, int iteration, IterationResult data) {}

  @Override
  public void print(String text) {}

  @Override
  public void println(String text) {}

  @Override
  public void verbosePrintln(String text) {}

  @Override
  public void write(int b) {}

  @Override
  public void write(byte[] b) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
