package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static Tensor labels(int... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void accuracyOfScoresAndLabels() {
    Tensor scores = Tensor.of(new float[][] {{1, 2, 0}, {3, 3, 3}, {0, 1, 5}, {9, 1, 1}});
    assertEquals(0.75, Metrics.accuracy(scores, labels(1, 0, 2, 1)));
    assertEquals(0.5, Metrics.accuracy(labels(1, 0), labels(1, 1)));
    Tensor binary = Tensor.of(new float[][] {{-0.5f}, {0.1f}, {0}});
    assertEquals(1, Metrics.accuracy(binary, labels(0, 1, 0)));
    assertEquals(1, Metrics.accuracy(binary.reshape(3), labels(0, 1, 0)));
    assertThrows(ShapeException.class, () -> Metrics.accuracy(scores, labels(1)));
    assertThrows(ShapeException.class, () -> Metrics.accuracy(Tensor.zeros(2, 2, 2), labels(1, 1)));
  }

  @Test
  void confusionCountsActualByPredicted() {
    Tensor scores = Tensor.of(new float[][] {{1, 2, 0}, {3, 3, 3}, {0, 1, 5}, {9, 1, 1}});
    int[][] counts = Metrics.confusionMatrix(scores, labels(1, 0, 2, 1));
    assertArrayEquals(new int[][] {{1, 0, 0}, {1, 1, 0}, {0, 0, 1}}, counts);
    assertArrayEquals(
        new int[][] {{0, 0}, {1, 1}}, Metrics.confusionMatrix(Tensor.of(-1f, 1f), labels(1, 1)));
    var e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> Metrics.confusionMatrix(labels(0, 1), labels(0, 3), 3));
    assertEquals(
        "confusionMatrix: row 1 has label 3, but there are 3 classes, 0 to 2", e.getMessage());
  }

  @Test
  void regression() {
    Tensor target = Tensor.of(1.0, 2.0, 3.0, 6.0);
    assertEquals(1, Metrics.r2(target, target));
    assertEquals(0, Metrics.r2(Tensor.of(3.0, 3.0, 3.0, 3.0), target));
    assertEquals(1 - 4.0 / 14, Metrics.r2(Tensor.of(1.0, 2.0, 3.0, 4.0), target), 1e-15);
    assertEquals(0, Metrics.r2(Tensor.of(1.0, 2.0), Tensor.of(2.0, 2.0)));
    assertEquals(1, Metrics.r2(Tensor.of(2.0, 2.0), Tensor.of(2.0, 2.0)));
    assertEquals(0.5, Metrics.mae(Tensor.of(1.0, 2.0, 3.0, 4.0), target));
    assertThrows(ShapeException.class, () -> Metrics.mae(Tensor.of(1.0, 2.0), target));
  }
}
