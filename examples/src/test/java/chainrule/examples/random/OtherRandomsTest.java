package chainrule.examples.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The numbers that torch 1.13, NumPy 1.24 and CPython print. */
class OtherRandomsTest {
  private static final Offset<Float> LAST_BITS = Offset.offset(1e-6f);

  @Test
  void torchUniform() {
    assertThat(new TorchRandom(2147483647).rand(5))
        .containsExactly(0.70812887f, 0.3542391f, 0.10543233f, 0.5996444f, 0.09044415f);
    assertThat(new TorchRandom(42).uniform(4, -1, 1))
        .containsExactly(0.76453853f, 0.8300079f, -0.23427248f, 0.9186113f);
    assertThat(new TorchRandom(42).randint(182625, 6))
        .containsExactly(76542, 11942, 157126, 2164, 651, 135335);
  }

  @Test
  void torchNormalInBlocks() {
    float[] x = new TorchRandom(2147483647).randn(27 * 27);
    int[] at = {0, 1, 15, 16, 700, 713, 716, 728};
    float[] expected = {
      1.567362f,
      -0.23729232f,
      2.9333673f,
      1.5617843f,
      1.3096442f,
      -0.00011042086f,
      -0.06603565f,
      0.8627286f
    };
    for (int i = 0; i < at.length; i++) {
      assertThat(x[at[i]]).isCloseTo(expected[i], LAST_BITS);
    }
  }

  @Test
  void torchNormalOneByOneKeepsTheSine() {
    var random = new TorchRandom(42);
    float[] five = {0.33669037f, 0.12880941f, 0.23446237f, 0.23033303f, -1.1228564f};
    assertThat(random.randn(5)).containsExactly(five, LAST_BITS);
    float[] seventeen = random.randn(17);
    assertThat(seventeen[0]).isCloseTo(-0.2482575f, LAST_BITS);
    assertThat(seventeen[16]).isCloseTo(-1.2741512f, LAST_BITS);
    assertThat(random.randn(3))
        .containsExactly(new float[] {-0.18632829f, -0.013054873f, 1.5859748f}, LAST_BITS);
  }

  @Test
  void numpy() {
    var random = new NumpyRandom(0);
    assertThat(random.doubles(3).toArray())
        .containsExactly(0.5488135039273248, 0.7151893663724195, 0.6027633760716439);
    assertThat(random.randn(3))
        .containsExactly(-2.268328201180374, 1.3335453816218967, -0.8427240538292873);
    assertThat(random.doubles(2).toArray()).containsExactly(0.8917730007820798, 0.9636627605010293);
    assertThat(random.randn(2)).containsExactly(1.9699244478698945, 1.2661185298577784);
    assertThat(random.permutation(10)).containsExactly(2, 3, 4, 6, 0, 9, 5, 1, 8, 7);
    assertThat(new NumpyRandom(0).permutation(12))
        .containsExactly(6, 11, 4, 10, 2, 8, 1, 7, 9, 3, 0, 5);
  }

  @Test
  void python() {
    var random = new PythonRandom(42);
    assertThat(random.gauss(0, 1)).isEqualTo(-0.14409032957792836);
    assertThat(random.gauss(0, 1)).isEqualTo(-0.1729036003315193);
    assertThat(random.gauss(0, 1)).isEqualTo(-0.11131586156766246);
    Integer[] order = IntStream.range(0, 10).boxed().toArray(Integer[]::new);
    random.shuffle(order);
    assertThat(order).containsExactly(7, 2, 5, 6, 0, 3, 4, 9, 8, 1);
    assertThat(IntStream.range(0, 6).map(i -> random.choice(new double[] {1, 2, 3, 4, 5})))
        .containsExactly(2, 3, 3, 4, 4, 3);
    assertThat(random.nextInt(100)).isEqualTo(57);
    assertThat(random.nextDouble()).isEqualTo(0.5892656838759087);
  }
}
