package chainrule.internal.kernel;

import java.lang.invoke.MethodHandles;

/**
 * Where emitted loops live.
 *
 * @param lookup of a class in whose package, and with whose rights, they are defined; where loops
 *     use vectors its module reads the Vector API
 * @param bits the width of a vector; 0 for plain loops
 */
public record LoopTarget(MethodHandles.Lookup lookup, int bits) {
  /** Plain loops, in this package. */
  static final LoopTarget PLAIN = new LoopTarget(MethodHandles.lookup(), 0);
}
