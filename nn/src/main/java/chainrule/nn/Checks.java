package chainrule.nn;

import chainrule.tensor.DTypeException;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Argument checks of layers and losses, and ordered option maps. */
final class Checks {
  private Checks() {}

  static void positive(String layer, String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s: %s must be at least 1, got %d".formatted(layer, option, value));
    }
  }

  static void groups(String layer, int in, int out, int groups) {
    positive(layer, "in", in);
    positive(layer, "out", out);
    if (in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          "%s: %d groups do not divide in %d and out %d".formatted(layer, groups, in, out));
    }
  }

  /** The product of the sizes of dimension {@code from} and all after it. */
  static int span(Shape shape, int from) {
    int n = 1;
    for (int i = from; i < shape.rank(); i++) {
      n *= shape.dim(i);
    }
    return n;
  }

  static void positive(String layer, String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s: %s must be finite and above 0, got %s".formatted(layer, option, value));
    }
  }

  static void notNegative(String layer, String option, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s: %s must be finite and at least 0, got %s".formatted(layer, option, value));
    }
  }

  static void finite(String layer, String option, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "%s: %s must be finite, got %s".formatted(layer, option, value));
    }
  }

  static void fraction(String layer, String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s: %s must be in [0, 1], got %s".formatted(layer, option, value));
    }
  }

  /** Of a loss's predictions and targets, which are never broadcast. */
  static void same(String loss, Tensor prediction, Tensor target) {
    if (!prediction.shape().equals(target.shape())) {
      throw new ShapeException(
          "%s: prediction %s and target %s must have the same shape"
              .formatted(loss, prediction.shape(), target.shape()));
    }
    if (prediction.dtype() != target.dtype()) {
      throw new DTypeException(
          "%s: prediction %s and target %s must have the same dtype; convert with to(DType)"
              .formatted(loss, prediction.dtype(), target.dtype()));
    }
  }

  /** The shape of the last dimensions that a layer normalises. */
  static Shape sizes(String layer, int... sizes) {
    if (sizes.length == 0) {
      throw new IllegalArgumentException(layer + ": needs the size of at least one dimension");
    }
    for (int size : sizes) {
      positive(layer, "size", size);
    }
    return Shape.of(sizes);
  }

  /** Whether the last dimensions are those of {@code last}. */
  static boolean endsIn(Shape shape, Shape last) {
    for (int i = 1; i <= last.rank(); i++) {
      if (i > shape.rank() || shape.dim(-i) != last.dim(-i)) {
        return false;
      }
    }
    return true;
  }

  /** The sizes as a list, for a configuration. */
  static List<Integer> list(Shape shape) {
    return Arrays.stream(shape.toArray()).boxed().toList();
  }

  /** An unmodifiable map in the order given, so that files written from it are reproducible. */
  static Map<String, Object> config(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return Collections.unmodifiableMap(map);
  }
}
