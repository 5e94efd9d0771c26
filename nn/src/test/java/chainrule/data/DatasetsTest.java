package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class DatasetsTest {
  private static final Map<String, LongFunction<Dataset>> DRAWN =
      Map.of(
          "moons", seed -> Datasets.moons(200, 0.1, seed),
          "circles", seed -> Datasets.circles(200, 0.05, seed),
          "spirals", seed -> Datasets.spirals(200, 3, 0.1, seed),
          "xor", seed -> Datasets.xor(200, 0.05, seed),
          "gaussians", seed -> Datasets.gaussians(200, 4, 0.2, seed),
          "yin-yang", seed -> Datasets.yinYang(200, seed));

  @Test
  void digitsAreTheKnownOnes() {
    Dataset digits = Datasets.digits();
    assertThat(digits).hasToString("digits: 1797 rows of 64, 10 classes");
    assertThat(digits.classCounts())
        .containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
    assertThat(digits.imageShape()).contains(Shape.of(8, 8));
    assertThat(digits.y().toIntArray()).startsWith(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    float[] x = digits.x().toFloatArray();
    assertThat(x[2]).isEqualTo(5 / 16f);
    float least = 1;
    float most = 0;
    double sum = 0;
    for (float v : x) {
      least = Math.min(least, v);
      most = Math.max(most, v);
      sum += v * 16;
    }
    assertThat(least).isZero();
    assertThat(most).isOne();
    assertThat(sum).isEqualTo(561_718);
  }

  @Test
  void irisIsFishers() {
    Dataset iris = Datasets.iris();
    assertThat(iris).hasToString("iris: 150 rows of 4, 3 classes");
    assertThat(iris.classCounts()).containsExactly(50, 50, 50);
    assertThat(iris.featureNames())
        .containsExactly("sepal_length", "sepal_width", "petal_length", "petal_width");
    double[] means = iris.x().to(chainrule.tensor.DType.F64).mean(0).toDoubleArray();
    assertThat(means[0]).isCloseTo(5.843333, within(1e-6));
    assertThat(means[1]).isCloseTo(3.057333, within(1e-6));
    assertThat(means[2]).isCloseTo(3.758, within(1e-6));
    assertThat(means[3]).isCloseTo(1.199333, within(1e-6));
    assertThat(iris.rows(34, 37).x().toFloatArray())
        .containsExactly(4.9f, 3.1f, 1.5f, 0.2f, 4.9f, 3.6f, 1.4f, 0.1f);
  }

  @Test
  void drawnSetsFollowTheSeedAndAreBalanced() {
    DRAWN.forEach(
        (name, draw) -> {
          Dataset set = draw.apply(1);
          assertThat(set.name()).isEqualTo(name);
          assertThat(set.size()).isEqualTo(200);
          assertThat(set.x().sameBits(draw.apply(1).x())).as(name).isTrue();
          assertThat(set.x().sameBits(draw.apply(2).x())).as(name).isFalse();
          int[] counts = set.classCounts();
          for (int count : counts) {
            assertThat(count).isBetween(200 / counts.length, 200 / counts.length + 1);
          }
          int[] y = set.y().toIntArray();
          assertThat(new int[] {y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7]})
              .as("rows are in random order")
              .isNotEqualTo(new int[] {0, 1, 0, 1, 0, 1, 0, 1});
        });
  }

  @Test
  void pointsLieWhereTheFormulasSay() {
    Dataset circles = Datasets.circles(100, 0, 4);
    forEach(
        circles,
        (p, label) ->
            assertThat(Math.hypot(p[0], p[1])).isCloseTo(label == 0 ? 1 : 0.5, within(1e-6)));
    forEach(
        Datasets.moons(100, 0, 4),
        (p, label) ->
            assertThat(label == 0 ? Math.hypot(p[0], p[1]) : Math.hypot(p[0] - 1, p[1] - 0.5))
                .isCloseTo(1, within(1e-6)));
    forEach(
        Datasets.xor(400, 0, 4),
        (p, label) -> assertThat(p[0] * p[1] > 0 ? 0 : 1).isEqualTo(label));
    forEach(
        Datasets.gaussians(90, 3, 0, 4),
        (p, label) ->
            assertThat((double) p[1]).isCloseTo(Math.sin(2 * Math.PI * label / 3), within(1e-6)));
    forEach(
        Datasets.yinYang(500, 4),
        (p, label) -> {
          assertThat(p[0] + p[2]).isCloseTo(1, within(1e-6f));
          assertThat(Math.hypot(p[0] - 0.5, p[1] - 0.5)).isLessThanOrEqualTo(0.5 + 1e-6);
          boolean dot =
              Math.min(Math.hypot(p[0] - 0.25, p[1] - 0.5), Math.hypot(p[0] - 0.75, p[1] - 0.5))
                  < 0.1;
          assertThat(dot).isEqualTo(label == 2);
        });
  }

  private interface Check {
    void row(float[] point, int label);
  }

  private static void forEach(Dataset set, Check check) {
    float[] x = set.x().toFloatArray();
    int[] y = set.y().toIntArray();
    int width = set.x().size(1);
    for (int i = 0; i < y.length; i++) {
      check.row(java.util.Arrays.copyOfRange(x, i * width, (i + 1) * width), y[i]);
    }
  }

  @Test
  void drawingRefusesNonsense() {
    assertThatThrownBy(() -> Datasets.moons(1, 0.1, 1))
        .hasMessageContaining("n must be at least 2");
    assertThatThrownBy(() -> Datasets.circles(10, -1, 1)).hasMessageContaining("noise");
    assertThatThrownBy(() -> Datasets.circles(10, Double.NaN, 1)).hasMessageContaining("noise");
    assertThatThrownBy(() -> Datasets.spirals(10, 1, 0, 1)).hasMessageContaining("classes");
    assertThat(List.of(2, 3)).allSatisfy(n -> Datasets.moons(n, 0, 1));
  }
}
