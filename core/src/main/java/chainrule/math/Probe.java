package chainrule.math;

/**
 * Interpreter: find out which arguments a formula reads.
 *
 * <p>Running a slope on probes tells what a backward pass must keep; nobody has to declare it.
 *
 * <pre>{@code
 * Probe.reads(Unary.TANH);   // Probe.Y: tanh's slope reads only its value
 * }</pre>
 *
 * @param mask the set of arguments read, one bit each
 */
public record Probe(int mask) implements Num<Probe> {
  /** The bit of the first argument ({@code x} or {@code a}). */
  public static final int A = 1;

  /** The bit of the second argument ({@code b}). */
  public static final int B = 2;

  /** The bit of the value {@code y}. */
  public static final int Y = 4;

  /** What the slope of {@code f} reads. */
  public static int reads(Unary f) {
    return f.flat() ? 0 : f.pull(new Probe(0), new Probe(A), new Probe(Y)).mask;
  }

  /** What the slope of {@code f} towards its first argument reads. */
  public static int readsForA(Binary f) {
    return f.pullA(new Probe(0), new Probe(A), new Probe(B), new Probe(Y)).mask;
  }

  /** What the slope of {@code f} towards its second argument reads. */
  public static int readsForB(Binary f) {
    return f.pullB(new Probe(0), new Probe(A), new Probe(B), new Probe(Y)).mask;
  }

  @Override
  public Probe map(Unary f) {
    return this;
  }

  @Override
  public Probe zip(Binary f, Probe other) {
    return new Probe(mask | other.mask);
  }

  @Override
  public Probe select(Probe ifTrue, Probe ifFalse) {
    return new Probe(mask | ifTrue.mask | ifFalse.mask);
  }

  @Override
  public Probe constant(double c) {
    return new Probe(0);
  }
}
