package chainrule.examples.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A laboratory tells hits from misses. */
class LabTest {
  private final List<Figure> told = new ArrayList<>();
  private final Lab lab = new Lab(null, true, text -> {}, told::add);

  private boolean last() {
    assertThat(lab.figures()).isEqualTo(told);
    return told.getLast().reproduced();
  }

  @Test
  void exactFiguresAreHeldToTheirDigits() {
    lab.exact("same", 24.70408163265306, 24.70408163265306);
    assertThat(last()).isTrue();
    lab.exact("the tenth digit", 24.70408163265306, 24.7040816336);
    assertThat(last()).isFalse();
    lab.exact("NaN", 1, Double.NaN);
    assertThat(last()).isFalse();
    lab.exact("a number for NaN", Double.NaN, 1);
    assertThat(last()).isFalse();
  }

  @Test
  void boundsAndTolerances() {
    lab.atLeast("at the bound", 0.95, 0.95);
    assertThat(last()).isTrue();
    lab.atLeast("below", 0.95, 0.9499);
    assertThat(last()).isFalse();
    lab.atMost("above", 57, 58);
    assertThat(last()).isFalse();
    lab.between("outside", 700, 3000, 3001);
    assertThat(last()).isFalse();
    assertThat(told.getLast().difference()).isEqualTo(1);
    lab.near("outside", 2.1, 2.13, 0.02);
    assertThat(last()).isFalse();
    lab.near("NaN", 2.1, Double.NaN, 0.02);
    assertThat(last()).isFalse();
  }

  @Test
  void oneWrongOrMissingNumberOfManyIsAMiss() {
    double[] published = {1, 2, 3};
    lab.all("same", published, new double[] {1, 2, 3}, 1e-12);
    assertThat(last()).isTrue();
    lab.all("one off", published, new double[] {1, 2.1, 3}, 1e-12);
    assertThat(last()).isFalse();
    lab.all("one NaN", published, new double[] {Double.NaN, 2, 3}, 1e-12);
    assertThat(last()).isFalse();
    lab.all("one less", published, new double[] {1, 2}, 1e-12);
    assertThat(last()).isFalse();
  }
}
