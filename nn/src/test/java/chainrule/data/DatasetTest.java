package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static final List<String> AB = List.of("a", "b");

  private static Dataset numbered(int[] labels, int classes) {
    float[] x = new float[labels.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    List<String> names = IntStream.range(0, classes).mapToObj(k -> "c" + k).toList();
    return Dataset.classification("t", Tensor.of(x, x.length, 1), Tensor.of(labels), names);
  }

  @Test
  void refusesWhatIsNotFinite() {
    Tensor labels = Tensor.of(new int[] {0, 1});
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      Tensor x = Tensor.of(new float[] {1, 2, 3, 4, bad, 6}, 2, 3);
      assertThatThrownBy(() -> Dataset.classification("t", x, labels, AB))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "t: row 1, column 1 is %s; a data set holds finite numbers only".formatted(bad));
      assertThatThrownBy(
              () ->
                  Dataset.regression(
                      "t", Tensor.of(new float[2], 2, 1), Tensor.of(new float[] {0, bad}, 2, 1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("row 1, target 0 is " + bad);
    }
  }

  @Test
  void refusesLabelsOutOfRange() {
    Tensor x = Tensor.of(new float[3], 3, 1);
    assertThatThrownBy(() -> Dataset.classification("t", x, Tensor.of(new int[] {0, 1, 2}), AB))
        .isInstanceOf(DataException.class)
        .hasMessage("t: row 2 has the label 2, outside 0..1");
    assertThatThrownBy(() -> Dataset.classification("t", x, Tensor.of(new int[] {0, -1, 1}), AB))
        .hasMessage("t: row 1 has the label -1, outside 0..1");
  }

  @Test
  void refusesShapesThatDoNotMatch() {
    Tensor x = Tensor.of(new float[6], 3, 2);
    assertThatThrownBy(() -> Dataset.classification("t", x, Tensor.of(new int[2]), AB))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("labels must be I32 of shape 3");
    assertThatThrownBy(() -> Dataset.regression("t", x, Tensor.of(new float[3])))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("targets must be F32 of shape 3×1");
    assertThatThrownBy(
            () ->
                Dataset.classification(
                    "t", Tensor.of(new double[3], 3, 1), Tensor.of(new int[3]), AB))
        .hasMessageContaining("inputs must be F32");
    assertThatThrownBy(() -> Dataset.classification("t", x, Tensor.of(new int[3]), List.of("only")))
        .hasMessageContaining("at least two classes");
    Dataset set = Dataset.classification("t", x, Tensor.of(new int[3]), AB);
    assertThatThrownBy(() -> set.withFeatureNames(List.of("x")))
        .hasMessageContaining("1 feature names for 2 columns");
    assertThatThrownBy(() -> set.withImageShape(2, 2)).hasMessageContaining("2×2");
    assertThatThrownBy(() -> set.rows(3)).hasMessage("t: there is no row 3 among 3");
  }

  @Test
  void splitIsStratifiedByLargestRemainders() {
    int[] labels = new int[100];
    for (int i = 0; i < 100; i++) {
      labels[i] = i < 33 ? 0 : i < 66 ? 1 : i < 99 ? 2 : 3;
    }
    Dataset.Split split = numbered(labels, 4).split(0.2, 5);
    assertThat(split.test().size()).isEqualTo(20);
    assertThat(split.test().classCounts()).containsExactly(7, 7, 6, 0);
    assertThat(split.train().classCounts()).containsExactly(26, 26, 27, 1);
  }

  @Test
  void splitHasEveryRowOnceInOrderAndFollowsTheSeed() {
    int[] labels = IntStream.range(0, 50).map(i -> i % 3).toArray();
    Dataset set = numbered(labels, 3);
    Dataset.Split split = set.split(0.3, 9);
    List<Float> all = new ArrayList<>();
    for (Dataset part : List.of(split.train(), split.test())) {
      float[] x = part.x().toFloatArray();
      int[] y = part.y().toIntArray();
      for (int i = 0; i < x.length; i++) {
        all.add(x[i]);
        assertThat(y[i]).isEqualTo((int) x[i] % 3);
        assertThat(i == 0 || x[i - 1] < x[i]).isTrue();
      }
    }
    assertThat(all).hasSize(50).doesNotHaveDuplicates();
    assertThat(set.split(0.3, 9).test().x().sameBits(split.test().x())).isTrue();
    assertThat(set.split(0.3, 10).test().x().sameBits(split.test().x())).isFalse();
  }

  @Test
  void splitRefusesEmptyParts() {
    Dataset set = numbered(new int[] {0, 1, 0}, 2);
    for (double fraction : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> set.split(fraction, 1)).isInstanceOf(DataException.class);
    }
    assertThatThrownBy(() -> set.split(0.01, 1)).hasMessageContaining("one part would be empty");
    assertThatThrownBy(() -> set.split(0.67, 1)).hasMessageContaining("every class keeps one row");
  }

  @Test
  void regressionSplitsByCount() {
    Dataset set =
        Dataset.regression("r", Tensor.of(new float[20], 10, 2), Tensor.of(new float[10], 10, 1));
    Dataset.Split split = set.split(0.25, 1);
    assertThat(split.test().size()).isEqualTo(3);
    assertThat(split.train().y().shape()).isEqualTo(Shape.of(7, 1));
    assertThat(set.classCounts()).isEmpty();
  }

  @Test
  void batchesCoverEachEpochInItsOwnOrder() {
    Dataset set = numbered(IntStream.range(0, 10).map(i -> i % 2).toArray(), 2);
    DataLoader loader = new DataLoader(set, 4, 3);
    assertThat(loader.batches()).isEqualTo(3);
    List<Float> first = values(loader);
    List<Float> second = values(loader);
    assertThat(first).hasSize(10).doesNotHaveDuplicates().isNotEqualTo(second);
    assertThat(values(loader.epoch(0))).isEqualTo(first);
    assertThat(values(loader.epoch(1))).isEqualTo(second);
    assertThat(values(DataLoader.sequential(set, 3)))
        .containsExactly(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f);
    List<Integer> sizes = new ArrayList<>();
    for (Batch batch : loader) {
      sizes.add(batch.size());
      assertThat(batch.y().toIntArray()[0]).isEqualTo((int) batch.x().toFloatArray()[0] % 2);
    }
    assertThat(sizes).containsExactly(4, 4, 2);
    assertThatThrownBy(() -> new DataLoader(set, 0, 1)).hasMessageContaining("batch");
  }

  private static List<Float> values(Iterable<Batch> batches) {
    List<Float> values = new ArrayList<>();
    for (Batch batch : batches) {
      for (float x : batch.x().toFloatArray()) {
        values.add(x);
      }
    }
    return values;
  }
}
