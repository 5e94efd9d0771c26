package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Ticks are round numbers within the range, few enough to be read. */
class AxisTest {
  private static List<String> labels(boolean logarithmic, double... values) {
    return Axis.over(DoubleStream.of(values), logarithmic).ticks().stream()
        .map(Axis.Tick::label)
        .toList();
  }

  @Test
  void ticksAreMultiplesOfOneTwoOrFive() {
    assertThat(labels(false, 0, 99)).containsExactly("0", "20", "40", "60", "80");
    assertThat(labels(false, 1, 10)).containsExactly("2", "4", "6", "8", "10");
    assertThat(labels(false, 2.45, 3.77)).containsExactly("2.5", "3", "3.5");
    assertThat(labels(false, -0.3, 0.3))
        .containsExactly("-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3");
    assertThat(labels(false, 0, 200_000))
        .containsExactly("0", "50,000", "100,000", "150,000", "200,000");
    assertThat(labels(false, 0, 4e-7)).containsExactly("0", "1e-7", "2e-7", "3e-7", "4e-7");
  }

  @Test
  void ticksOfALogarithmicAxisArePowersOfTen() {
    assertThat(labels(true, 0.004, 20)).containsExactly("0.01", "0.1", "1", "10");
    assertThat(labels(true, 1e-12, 1)).hasSizeLessThanOrEqualTo(7).contains("1e-12", "1");
    assertThat(labels(true, 2, 6)).as("less than a power").contains("2", "3", "4", "5", "6");
  }

  @Test
  void whatCannotBeDrawnIsLeftOut() {
    Axis axis = Axis.over(DoubleStream.of(1, 10, Double.NaN, Double.POSITIVE_INFINITY, 0), true);
    assertThat(axis.share(1)).isZero();
    assertThat(axis.share(10)).isEqualTo(1);
    assertThat(axis.share(0)).isNaN();
    assertThat(labels(false)).isNotEmpty();
    assertThat(Axis.over(DoubleStream.of(3, 3), false).share(3)).isEqualTo(0.5);
  }
}
