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

    /**
     * Begins anew, from where it was opened.
     *
     * @return false if it cannot: then it is opened again
     */
    default boolean again() {
      return false;
    }

    @Override
    default void close() {}
  }

  /** A training: each run is a step, and its result are the losses of the first. */
  interface Steps extends Task {
    /** How many of the first losses are compared. */
    int FIRST = 5;

    /** The loss of the last step, before its update. */
    float loss();

    @Override
    default float[] result() {
      float[] losses = new float[FIRST];
      for (int i = 0; i < FIRST; i++) {
        run();
        losses[i] = loss();
      }
      return losses;
    }
  }
}
