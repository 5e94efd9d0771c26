package chainrule.benchmarks.kernels;

import chainrule.benchmarks.kernels.Kernel.Body;
import chainrule.internal.kernel.KernelChoice;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One case of the {@link Registry}, as JMH runs it; a process runs one case. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {
  /** The name of the parameter that holds the case's id. */
  static final String PARAMETER = "id";

  private static final AtomicReference<@Nullable Body> RUNNING = new AtomicReference<>();

  /** The case's id. */
  @Param("sgemm/64x64x64")
  public String id = "";

  private Body body = () -> this;

  /** Made by JMH. */
  public KernelBenchmark() {}

  /** Makes the operands, and calls until the code is compiled. */
  @Setup
  public void setUp() throws InterruptedException {
    body = Registry.find(id).setup();
    RUNNING.set(body);
    switch (Registry.find(id).kernel().roof()) {
      case FMA_F32 -> KernelChoice.F32.settle();
      case FMA_F64 -> KernelChoice.F64.settle();
      case COPY -> {}
    }
    Warmup.settle(body::run);
  }

  /** One call. */
  @Benchmark
  public Object run() {
    return body.run();
  }

  /**
   * The bytes that one call of the running case allocates, on all threads: the least of a few calls
   * after one that is not counted.
   */
  static long bytesPerCall() {
    Body running = RUNNING.get();
    if (running == null || !(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)) {
      return -1;
    }
    running.run();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long before = threads.getTotalThreadAllocatedBytes();
      running.run();
      least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
    }
    return least;
  }
}
