package chainrule.conformance;

import java.util.List;

/** The columns of the table. */
final class Columns {
  static final String FORWARD = "forward";
  static final String INPUT_GRADIENT = "input gradient";
  static final String WEIGHT_GRADIENT = "weight gradient";
  static final String ORDER_1 = "order 1";
  static final String ORDER_2 = "order 2";
  static final String TRAIN_EVAL = "train, eval";
  static final String SAVED = "saved";
  static final String VALUE = "value";
  static final String GRADIENT = "gradient";
  static final String STEPS = "30 steps";
  static final String TIMES = "50 times";
  static final String RESUMED = "resumed";
  static final String COMPILED = "compiled";
  static final String OPTIONS = "options";
  static final String KERNELS = "kernels";

  private Columns() {}

  /** The columns of a kind, in order. */
  static List<String> of(Kind kind) {
    return switch (kind) {
      case LAYER ->
          List.of(
              FORWARD,
              INPUT_GRADIENT,
              WEIGHT_GRADIENT,
              ORDER_1,
              ORDER_2,
              TRAIN_EVAL,
              SAVED,
              COMPILED,
              OPTIONS,
              KERNELS);
      case LOSS -> List.of(VALUE, GRADIENT, ORDER_1, ORDER_2, COMPILED, OPTIONS, KERNELS);
      case OPTIMIZER -> List.of(STEPS, RESUMED, COMPILED, OPTIONS, KERNELS);
      case SCHEDULE -> List.of(TIMES, RESUMED);
    };
  }
}
