package chainrule.examples.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The numbers that CPython prints. */
class PythonRandomTest {
  @Test
  void seedFortyTwo() {
    var random = new PythonRandom(42);
    assertThat(random.nextDouble()).isEqualTo(0.6394267984578837);
    assertThat(random.nextDouble()).isEqualTo(0.025010755222666936);
    assertThat(random.nextDouble()).isEqualTo(0.27502931836911926);
  }

  @Test
  void uniformAndBeyondTheFirstTwist() {
    var random = new PythonRandom(1337);
    assertThat(random.nextDouble(-1, 1)).isEqualTo(0.23550571390294128);
    assertThat(random.nextDouble(-1, 1)).isEqualTo(0.06653114721000164);
    assertThat(random.nextDouble(-1, 1)).isEqualTo(-0.26830328150124894);
    double last = 0;
    for (int i = 3; i < 1000; i++) {
      last = random.nextDouble();
    }
    assertThat(last).isEqualTo(0.1420757739435693);
  }

  @Test
  void longAndNegativeSeeds() {
    var random = new PythonRandom((1L << 40) + 5);
    assertThat(random.nextDouble()).isEqualTo(0.5043802970418443);
    assertThat(random.nextInt()).isEqualTo(1153647273);
    assertThat(random.nextLong()).isEqualTo(-1368996564773720318L);
    assertThat(new PythonRandom(-7).nextDouble()).isEqualTo(0.32383276483316237);
    assertThat(new PythonRandom(7).nextDouble()).isEqualTo(0.32383276483316237);
  }
}
