package chainrule.benchmarks;

/** The heap of the processes that are measured. */
public final class Heap {
  /**
   * A young generation that results of calls fill within the warming up: memory that was never
   * touched is handed out by the system page by page, at many times the cost of the calls. Options
   * of the user follow it, and win.
   */
  public static final String YOUNG = "-Xmn512m";

  private Heap() {}
}
