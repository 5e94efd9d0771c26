package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The generator against the known answers of the Random123 distribution, and its streams. */
class PhiloxTest {
  private static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
    int[] out = new int[4];
    Philox.block(c0, c1, c2, c3, k0, k1, out);
    return out;
  }

  @Test
  void knownAnswers() {
    assertThat(block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void theSameStreamGivesTheSameNumbers() {
    var a = new Philox(42, "init/fc1.weight", 3, 1);
    var b = new Philox(42, "init/fc1.weight", 3, 1);
    for (int i = 0; i < 100; i++) {
      assertThat(a.nextLong()).isEqualTo(b.nextLong());
    }
  }

  @Test
  void seedPurposeStepAndCallSeparateStreams() {
    long[] first = {
      new Philox(1, "a", 0, 0).nextLong(),
      new Philox(2, "a", 0, 0).nextLong(),
      new Philox(1L << 40, "a", 0, 0).nextLong(),
      new Philox(1, "b", 0, 0).nextLong(),
      new Philox(1, "a", 1, 0).nextLong(),
      new Philox(1, "a", 0, 1).nextLong(),
      new Philox(1).nextLong(),
    };
    assertThat(Arrays.stream(first).distinct()).hasSize(first.length);
  }

  @Test
  void uniformNumbersFillTheirRange() {
    var random = new Philox(5);
    double sum = 0;
    int n = 100_000;
    for (int i = 0; i < n; i++) {
      double u = random.nextDouble();
      float f = random.nextFloat();
      assertThat(u >= 0 && u < 1 && f >= 0 && f < 1).isTrue();
      sum += u;
    }
    assertThat(sum / n).isCloseTo(0.5, within(0.005));
  }

  @Test
  void normalNumbersHaveMeanZeroAndVarianceOne() {
    var random = new Philox(6);
    int n = 100_000;
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    for (int i = 0; i < n; i++) {
      double z = random.nextGaussian();
      sum += z;
      squares += z * z;
      fourths += z * z * z * z;
    }
    assertThat(sum / n).isCloseTo(0, within(0.015));
    assertThat(squares / n).isCloseTo(1, within(0.02));
    assertThat(fourths / n).isCloseTo(3, within(0.15));
  }

  @Test
  void boundedNumbersAreEvenlySpread() {
    var random = new Philox(7);
    int[] counts = new int[6];
    for (int i = 0; i < 60_000; i++) {
      counts[random.nextInt(6)]++;
    }
    assertThat(Arrays.stream(counts)).allMatch(c -> c > 9_600 && c < 10_400);
    assertThatThrownBy(() -> random.nextInt(0)).hasMessageContaining("positive, not 0");
  }

  @Test
  void permutationsHoldEveryNumberOnce() {
    int[] order = new Philox(8, "shuffle", 2, 0).permutation(1000);
    assertThat(order).isNotEqualTo(new Philox(8, "shuffle", 3, 0).permutation(1000));
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
    assertThat(new Philox(8).permutation(0)).isEmpty();
  }

  @Test
  void aCallBegunAnewIsTheCallsStream() {
    Philox random = new Philox(7, "mask");
    random.nextGaussian();
    random.nextInt();
    random.restart(5);
    Philox fifth = new Philox(7, "mask", 0, 5);
    for (int i = 0; i < 9; i++) {
      assertThat(random.nextInt()).isEqualTo(fifth.nextInt());
    }
    assertThat(random.nextGaussian()).isEqualTo(fifth.nextGaussian());
  }
}
