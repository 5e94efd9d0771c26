package chainrule.special;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.autograd.Autograd;
import chainrule.math.Philox;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Convolution and pooling against loops that follow the formula, and their corners. */
class ImagesTest {
  private static final double NAN = Double.NaN;
  private static final double LOW = Double.NEGATIVE_INFINITY;

  /** Images, channels, height, width, output channels, kernel height and width. */
  private static final int[][] SIZES = {
    {1, 1, 1, 1, 1, 1, 1},
    {2, 3, 7, 9, 4, 3, 3},
    {3, 1, 12, 11, 8, 3, 2},
    {1, 6, 20, 37, 12, 5, 3},
    {5, 2, 9, 8, 2, 1, 1},
    {2, 4, 33, 34, 18, 3, 3},
    {19, 2, 6, 6, 4, 3, 3},
  };

  private static final List<Conv2dOptions> OPTIONS =
      List.of(
          Conv2dOptions.DEFAULT,
          Conv2dOptions.DEFAULT.padding(1, 2),
          Conv2dOptions.DEFAULT.stride(2).padding(1),
          Conv2dOptions.DEFAULT.stride(1, 3).padding(2),
          Conv2dOptions.DEFAULT.stride(3, 2),
          Conv2dOptions.DEFAULT.stride(5, 1 << 30).padding(1, 0),
          Conv2dOptions.DEFAULT.dilation(2, 1).padding(2),
          Conv2dOptions.DEFAULT.dilation(1, 3).stride(2).padding(1, 3));

  @TestFactory
  List<DynamicTest> sevenLoops() {
    var tests = new ArrayList<DynamicTest>();
    for (int[] s : SIZES) {
      for (Conv2dOptions each : OPTIONS) {
        for (int groups = 1; groups <= 2; groups++) {
          Conv2dOptions o = each.groups(groups);
          boolean fits =
              o.dilationH() * (s[5] - 1) < s[2] + 2 * o.paddingH()
                  && o.dilationW() * (s[6] - 1) < s[3] + 2 * o.paddingW();
          if (fits && s[1] % groups == 0 && s[4] % groups == 0) {
            tests.add(
                DynamicTest.dynamicTest(
                    Tensor.zeros(s).shape() + o.toString(), () -> compare(s, o)));
          }
        }
      }
    }
    return tests;
  }

  private static void compare(int[] s, Conv2dOptions o) {
    var random = new Philox(5);
    Tensor x = Tensor.randn(DType.F64, random, s[0], s[1], s[2], s[3]);
    Tensor w = Tensor.randn(DType.F64, random, s[4], s[1] / o.groups(), s[5], s[6]);
    Tensor b = Tensor.randn(DType.F64, random, s[4]);
    var tracked = List.of(x.requiresGrad(), w.requiresGrad(), b.requiresGrad());
    Tensor y = tracked.get(0).conv2d(tracked.get(1), tracked.get(2), o);
    Tensor g = Tensor.randn(DType.F64, random, y.shape().toArray());
    var gradients =
        Autograd.grad(y.mul(g).sum(), List.of(tracked.get(0), tracked.get(1), tracked.get(2)));
    double[] want = new double[y.size()];
    double[] dx = new double[x.size()];
    double[] dw = new double[w.size()];
    double[] db = new double[b.size()];
    int outs = s[4] / o.groups();
    int ins = s[1] / o.groups();
    int at = 0;
    for (int n = 0; n < s[0]; n++) {
      for (int c = 0; c < s[4]; c++) {
        for (int i = 0; i < y.size(2); i++) {
          for (int j = 0; j < y.size(3); j++, at++) {
            double arriving = g.get(n, c, i, j);
            want[at] = b.get(c);
            db[c] += arriving;
            for (int d = 0; d < ins; d++) {
              for (int kh = 0; kh < s[5]; kh++) {
                for (int kw = 0; kw < s[6]; kw++) {
                  int row = i * o.strideH() + kh * o.dilationH() - o.paddingH();
                  int column = j * o.strideW() + kw * o.dilationW() - o.paddingW();
                  if (row >= 0 && row < s[2] && column >= 0 && column < s[3]) {
                    int from = c / outs * ins + d;
                    want[at] += w.get(c, d, kh, kw) * x.get(n, from, row, column);
                    dw[((c * ins + d) * s[5] + kh) * s[6] + kw] +=
                        arriving * x.get(n, from, row, column);
                    dx[((n * s[1] + from) * s[2] + row) * s[3] + column] +=
                        arriving * w.get(c, d, kh, kw);
                  }
                }
              }
            }
          }
        }
      }
    }
    close(y, want);
    close(gradients.get(0), dx);
    close(gradients.get(1), dw);
    close(gradients.get(2), db);
  }

  private static void close(Tensor got, double[] want) {
    double[] values = got.toDoubleArray();
    for (int i = 0; i < want.length; i++) {
      double bound = 1e-12 * Math.max(10, Math.abs(want[i]));
      assertThat(values[i]).as("element " + i).isCloseTo(want[i], within(bound));
    }
  }

  private static Tensor image(int h, int w, double... values) {
    return Tensor.of(values, 1, 1, h, w);
  }

  /** The gradient of the sum of a max pooling. */
  private static double[] taken(Tensor x, Window window) {
    var leaf = x.requiresGrad();
    double[] kernel = Autograd.grad(leaf.maxPool2d(window).sum(), leaf).toDoubleArray();
    Tensor plain = Tape.expressions(() -> leaf.maxPool2d(window).sum());
    assertThat(Autograd.grad(plain, leaf).toDoubleArray()).isEqualTo(kernel);
    return kernel;
  }

  @Test
  void theFirstOfEqualsTakesTheGradientAndNanWins() {
    Window two = Window.of(2).stride(2);
    Tensor x = image(2, 8, 1, 1, 0, NAN, 2, 3, NAN, 9, 1, 1, NAN, 5, 4, 4, NAN, 1);
    assertThat(x.maxPool2d(2).toDoubleArray()).containsExactly(1, NAN, 4, NAN);
    assertThat(taken(x, two)).containsExactly(1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0);
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    Tensor x = image(2, 4, -0.0, 0, 0, -0.0, 0, 0, -0.0, -0.0);
    assertThat(x.maxPool2d(2).toDoubleArray()).containsExactly(-0.0, 0.0);
    assertThat(taken(x, Window.of(2).stride(2))).containsExactly(1, 0, 1, 0, 0, 0, 0, 0);
  }

  @Test
  void thePaddingOfAMaximumIsLow() {
    Window padded = Window.of(2).padding(1);
    Tensor x = image(1, 2, -3, -5);
    assertThat(x.maxPool2d(padded).toDoubleArray()).containsExactly(-3, -3, -5, -3, -3, -5);
    assertThat(taken(x, padded)).containsExactly(4, 2);
    Tensor low = image(1, 2, LOW, LOW);
    assertThat(low.maxPool2d(padded).toDoubleArray()).containsOnly(LOW);
    assertThat(taken(low, padded)).containsExactly(1, 1);
  }

  @Test
  void aMeanCountsThePaddingOrNot() {
    Tensor x = image(2, 2, 1, 2, 3, 4);
    Window padded = Window.of(2).padding(1).stride(2);
    assertThat(x.avgPool2d(padded).toDoubleArray()).containsExactly(0.25, 0.5, 0.75, 1);
    assertThat(x.avgPool2d(padded, false).toDoubleArray()).containsExactly(1, 2, 3, 4);
    assertThat(x.avgPool2d(2).toDoubleArray()).containsExactly(2.5);
  }

  @Test
  void unfoldMovesIndicesToo() {
    Tensor x = Tensor.of(new int[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
    assertThat(x.unfold(Window.of(2)).toIntArray()).containsExactly(1, 2, 2, 3, 4, 5, 5, 6);
    assertThat(x.unfold(Window.of(2).padding(1).stride(2)).toIntArray())
        .containsExactly(0, 0, 0, 5, 0, 0, 4, 6, 0, 2, 0, 0, 1, 3, 0, 0);
    assertThatThrownBy(() -> x.unfold(Window.of(2)).fold(Window.of(2), 2, 3))
        .isInstanceOf(DTypeException.class);
  }

  @Test
  void nothingIsAlsoABatch() {
    Tensor none = Tensor.zeros(0, 2, 5, 5);
    var w = Tensor.ones(3, 2, 3, 3).requiresGrad();
    Tensor y = none.conv2d(w, Tensor.ones(3));
    assertThat(y.shape()).hasToString("0×3×3×3");
    assertThat(Autograd.grad(y.sum(), w).toFloatArray()).containsOnly(0);
    assertThat(none.maxPool2d(2).shape()).hasToString("0×2×2×2");
    Tensor noChannels =
        Tensor.zeros(1, 0, 3, 3).conv2d(Tensor.zeros(2, 0, 3, 3), Tensor.of(1f, 2f));
    assertThat(noChannels.toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void anInfiniteWeightReachesOnlyWhatItTouches() {
    var x = Tensor.ones(DType.F64, 1, 1, 1, 3).requiresGrad();
    Tensor w = Tensor.of(new double[] {Double.POSITIVE_INFINITY, 1}, 1, 1, 1, 2);
    Tensor y = x.conv2d(w, null);
    double[] dx = Autograd.grad(y.slice(3, 0, 1).sum(), x).toDoubleArray();
    assertThat(dx).containsExactly(Double.POSITIVE_INFINITY, NAN, 0);
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheRemedy() {
    Tensor x = Tensor.zeros(2, 4, 3, 3);
    refused(
        () -> x.conv2d(Tensor.zeros(1, 4, 5, 5), null),
        "kernel 5×5 does not fit 3×3 with padding 0");
    refused(
        () -> x.maxPool2d(Window.of(3).dilation(2)), "kernel 3×3, dilated to 5×5, does not fit");
    refused(
        () -> x.pick(0, 0).conv2d(Tensor.zeros(1, 4, 3, 3), null), "unsqueeze(0) makes a batch");
    refused(
        () -> x.conv2d(Tensor.zeros(4, 3, 3), null), "should be out × in/groups × kernel × kernel");
    refused(
        () -> x.conv2d(Tensor.zeros(1, 3, 3, 3), null), "has 4 channels, weight 1×3×3×3 wants 3");
    refused(
        () -> x.conv2d(Tensor.zeros(3, 2, 3, 3), null, Conv2dOptions.DEFAULT.groups(2)),
        "3 output channels do not divide into 2 groups");
    refused(
        () -> x.conv2d(Tensor.zeros(3, 4, 3, 3), Tensor.zeros(4)),
        "should have one number for each of the 3 output channels");
    refused(() -> x.unfold(Window.of(2).padding(1 << 30)), "is too large; take less padding");
    refused(() -> x.maxPool2d(Window.of(2).padding(2)), "more than half of the kernel");
    refused(() -> x.avgPool2d(Window.of(2).dilation(2)), "a mean is not dilated");
    refused(() -> x.fold(Window.of(2), 3, 3), "should be N×(C·4)×4");
    assertThatThrownBy(() -> Window.of(0)).hasMessageContaining("kernel must be at least 1");
    assertThatThrownBy(() -> Conv2dOptions.DEFAULT.groups(0)).hasMessageContaining("groups");
  }

  private static void refused(Runnable call, String sentence) {
    assertThatThrownBy(call::run).isInstanceOf(ShapeException.class).hasMessageContaining(sentence);
  }
}
