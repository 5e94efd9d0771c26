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

  /** The examples in scikit-learn's documentation. */
  @Test
  void figuresOfClasses() {
    Tensor actual = labels(0, 1, 2, 0, 1, 2);
    Tensor said = labels(0, 2, 1, 0, 0, 1);
    assertEquals(2 / 9.0, Metrics.precision(said, actual, Metrics.Average.MACRO), 1e-15);
    assertEquals(1 / 3.0, Metrics.precision(said, actual, Metrics.Average.MICRO), 1e-15);
    assertEquals(2 / 9.0, Metrics.precision(said, actual, Metrics.Average.WEIGHTED), 1e-15);
    assertEquals(1 / 3.0, Metrics.recall(said, actual, Metrics.Average.MACRO), 1e-15);
    assertEquals(0.8 / 3, Metrics.f1(said, actual, Metrics.Average.MACRO), 1e-15);
    assertEquals(0.5, Metrics.f1(labels(1, 1, 0), labels(1, 0, 1), Metrics.Average.BINARY));
  }

  @Test
  void classesWithoutRows() {
    int[][] counts = {{3, 0, 1, 0}, {0, 0, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 0}};
    assertEquals((1 + 2 / 3.0) / 2, Metrics.precision(counts, Metrics.Average.MACRO), 1e-15);
    assertEquals((0.75 * 4 + 1 * 2) / 6, Metrics.recall(counts, Metrics.Average.WEIGHTED), 1e-15);
    assertEquals(0, Metrics.recall(counts, Metrics.Average.BINARY));
    assertEquals(0, Metrics.f1(new int[3][3], Metrics.Average.MACRO));
  }

  @Test
  void amongTheFirst() {
    Tensor scores =
        Tensor.of(
            new double[][] {{0.5, 0.2, 0.2}, {0.3, 0.4, 0.2}, {0.2, 0.4, 0.3}, {0.7, 0.2, 0.1}});
    assertEquals(0.75, Metrics.topK(scores, labels(0, 1, 2, 2), 2));
    assertEquals(1, Metrics.topK(scores, labels(0, 1, 2, 2), 3));
    assertEquals(0, Metrics.topK(scores.slice(0, 0, 1), labels(1), 2)); // class 2 comes first
  }

  @Test
  void ranking() {
    Tensor scores = Tensor.of(0.1, 0.4, 0.35, 0.8);
    assertEquals(0.75, Ranking.rocAuc(scores, labels(0, 0, 1, 1)));
    assertEquals(5 / 6.0, Ranking.averagePrecision(scores, labels(0, 0, 1, 1)), 1e-15);
    Tensor tied = Tensor.of(0.5, 0.5, 0.5, 0.9);
    assertEquals(0.75, Ranking.rocAuc(tied, labels(0, 1, 0, 1)));
    assertEquals(0.75, Ranking.averagePrecision(tied, labels(0, 1, 0, 1)));
    assertEquals(Double.NaN, Ranking.rocAuc(scores, labels(1, 1, 1, 1)));
    assertEquals(0, Ranking.averagePrecision(scores, labels(0, 0, 0, 0)));
    Tensor three = Tensor.of(new double[][] {{3, 1, 0}, {1, 3, 0}, {0, 1, 3}, {2, 0, 3}});
    assertEquals(1, Ranking.rocAuc(three, labels(0, 1, 2, 2)), 1e-15);
  }

  @Test
  void probabilities() {
    Tensor p = Tensor.of(new double[][] {{0.1, 0.9}, {0.9, 0.1}, {0.8, 0.2}, {0.35, 0.65}});
    assertEquals(0.21616, Probabilities.logLoss(p, labels(1, 0, 0, 1)), 5e-6);
    Tensor sure = Tensor.of(0.0, 1.0);
    assertEquals(-Math.log(Math.ulp(1.0)), Probabilities.logLoss(sure, labels(1, 0)), 1e-10);
    Tensor q = Tensor.of(0.1, 0.9, 0.8, 0.3);
    assertEquals(0.0375, Probabilities.brier(q, labels(0, 1, 1, 0)), 1e-15);
    assertEquals(2, Probabilities.brier(Tensor.of(new double[][] {{1, 0}}), labels(1)));
    assertEquals(
        (Math.abs(1 - 0.95 + 1 - 0.91) + Math.abs(0 - 0.65)) / 3,
        Probabilities.calibrationError(Tensor.of(0.95, 0.09, 0.65), labels(1, 0, 0), 10),
        1e-15);
  }

  @Test
  void perplexityIsThatManyLikelySymbols() {
    Tensor even = Tensor.zeros(2, 27);
    assertEquals(27, Metrics.perplexity(even, labels(3, 4)), 1e-12);
    assertEquals(Math.sqrt(2.5), Metrics.rmse(Tensor.of(1.0, 2.0), Tensor.of(0.0, 4.0)), 1e-15);
  }
}
