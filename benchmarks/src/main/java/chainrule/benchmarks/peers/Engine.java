package chainrule.benchmarks.peers;

import org.jspecify.annotations.Nullable;

/** One engine, as its users call it. */
public interface Engine {
  /** Name and version, such as {@code libtorch 2.7.1 through DJL 0.35.1}. */
  String title();

  /** Makes the operands of a workload; null if the engine has nothing of the kind. */
  @Nullable Task open(Workload workload);

  /** A workload that is ready to run. */
  interface Task extends AutoCloseable {
    /** Does the work once, and lets go of the result. */
    void run();

    /** The result as numbers, so that engines can be compared. */
    float[] result();

    @Override
    default void close() {}
  }
}
