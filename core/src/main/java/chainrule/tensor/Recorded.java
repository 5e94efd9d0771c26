package chainrule.tensor;

import chainrule.math.Numbers;
import chainrule.math.Trace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The operations of {@link Activations} that were called so far.
 *
 * @param function the function's name
 * @param a its first parameter; NaN for none
 * @param b its second parameter; NaN for none
 */
record Recorded(String function, double a, double b) {
  /** With so many, some parameter changes all the time, and its values are not worth keeping. */
  private static final int MOST = 256;

  private static final Map<Recorded, Pointwise> OPERATIONS = new ConcurrentHashMap<>();

  /** The operation of this name and these parameters, recorded when it is first asked for. */
  static Pointwise operation(String function, double a, double b, UnaryOperator<Trace> f) {
    var key = new Recorded(function, a, b);
    Pointwise operation = OPERATIONS.get(key);
    if (operation == null) {
      if (OPERATIONS.size() >= MOST) {
        OPERATIONS.clear();
      }
      operation = Pointwise.of(key.name(), 1, x -> f.apply(x.getFirst()));
      OPERATIONS.put(key, operation);
    }
    return operation;
  }

  private String name() {
    return function + parameter(a) + parameter(b);
  }

  private static String parameter(double p) {
    return Double.isNaN(p) ? "" : " " + Numbers.exact(p);
  }
}
