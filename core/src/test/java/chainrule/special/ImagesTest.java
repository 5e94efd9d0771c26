package chainrule.special;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.autograd.Autograd;
import chainrule.math.Philox;
import chainrule.tensor.Conv1dOptions;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.ConvTranspose2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import chainrule.tensor.Window1d;
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
  void aWindowHangsOverTheEndInCeilMode() {
    Tensor x = image(1, 5, 1, 2, 3, 4, 5);
    Window pairs = Window.of(1, 2).stride(1, 2).ceilMode(true);
    assertThat(x.maxPool2d(pairs).toDoubleArray()).containsExactly(2, 4, 5);
    assertThat(taken(x, pairs)).containsExactly(0, 1, 0, 1, 1);
    assertThat(x.avgPool2d(pairs).toDoubleArray()).containsExactly(1.5, 3.5, 5);
    Window padded = Window.of(1, 3).stride(1, 3).padding(0, 1).ceilMode(true);
    assertThat(x.avgPool2d(padded).toDoubleArray()).containsExactly(1, 4);
    Window wide = Window.of(1, 3).stride(1, 4).padding(0, 1).ceilMode(true);
    assertThat(x.avgPool2d(wide).toDoubleArray()).containsExactly(1, 3);
    assertThat(x.slice(3, 0, 4).avgPool2d(wide).toDoubleArray()).containsExactly(1, 4 / 2.0);
    assertThat(x.slice(3, 0, 4).avgPool2d(wide, false).toDoubleArray()).containsExactly(1.5, 4);
    Tensor low = image(1, 3, 1, 2, LOW);
    assertThat(low.maxPool2d(pairs).toDoubleArray()).containsExactly(2, LOW);
    assertThat(taken(low, pairs)).containsExactly(0, 1, 1);
    Window larger = Window.of(1, 6).stride(1, 2);
    assertThat(x.maxPool2d(larger.ceilMode(true)).toDoubleArray()).containsExactly(5);
    refused(() -> x.maxPool2d(larger), "kernel 1×6 does not fit 1×5");
    refused(() -> x.maxPool2d(Window.of(7).stride(2).ceilMode(true)), "kernel 7×7 does not fit");
  }

  @Test
  void aLastWindowThatWouldBeginInThePaddingIsLeftOut() {
    Window window = Window.of(1, 2).stride(1, 3).padding(0, 1);
    Tensor x = image(1, 5, 1, 2, 3, 4, 5);
    assertThat(x.maxPool2d(window).size(3)).isEqualTo(2);
    assertThat(x.maxPool2d(window.ceilMode(true)).toDoubleArray()).containsExactly(1, 4);
    assertThat(window.ceilMode(true)).hasToString("1×2 stride 1×3 padding 0×1 ceil");
  }

  @TestFactory
  List<DynamicTest> aTransposedConvolutionIsTheAdjoint() {
    var tests = new ArrayList<DynamicTest>();
    for (Conv2dOptions o : OPTIONS) {
      if (o.strideW() < 10) {
        for (int groups = 1; groups <= 2; groups++) {
          Conv2dOptions each = o.groups(groups);
          tests.add(DynamicTest.dynamicTest("adjoint" + each, () -> adjoint(each)));
        }
      }
    }
    return tests;
  }

  /** ⟨conv(a), b⟩ = ⟨a, convTranspose(b)⟩, and both gradients of the transposed convolution. */
  private static void adjoint(Conv2dOptions o) {
    var random = new Philox(6);
    Tensor a = Tensor.randn(DType.F64, random, 2, 4, 12, 13);
    Tensor w = Tensor.randn(DType.F64, random, 6, 4 / o.groups(), 3, 4);
    Tensor image = a.conv2d(w, null, o);
    Tensor b = Tensor.randn(DType.F64, random, image.shape().toArray());
    var bare =
        new ConvTranspose2dOptions(
            o.strideH(),
            o.strideW(),
            o.paddingH(),
            o.paddingW(),
            0,
            0,
            o.dilationH(),
            o.dilationW(),
            o.groups());
    Tensor small = b.convTranspose2d(w, null, bare);
    var options = bare.outputPadding(12 - small.size(2), 13 - small.size(3));
    var tracked = List.of(b.requiresGrad(), w.requiresGrad());
    Tensor y = tracked.get(0).convTranspose2d(tracked.get(1), null, options);
    assertThat(y.shape()).isEqualTo(a.shape());
    double product = image.mul(b).sum().item();
    assertThat(y.mul(a).sum().item()).isCloseTo(product, within(1e-11 * Math.abs(product) + 1e-11));
    var leaf = w.requiresGrad();
    Tensor dw = Autograd.grad(a.conv2d(leaf, null, o).mul(b).sum(), leaf);
    var gradients = Autograd.grad(y.mul(a).sum(), List.of(tracked.get(0), tracked.get(1)));
    close(gradients.get(0), image.toDoubleArray());
    close(gradients.get(1), dw.toDoubleArray());
  }

  @Test
  void transposedConvolutionByHand() {
    Tensor x = image(2, 2, 1, 2, 3, 4);
    Tensor w = image(2, 2, 1, 10, 100, 1000);
    assertThat(x.convTranspose2d(w, Tensor.of(0.5)).toDoubleArray())
        .containsExactly(1.5, 12.5, 20.5, 103.5, 1234.5, 2040.5, 300.5, 3400.5, 4000.5);
    var far = ConvTranspose2dOptions.DEFAULT.dilation(3).outputPadding(2);
    Tensor y = x.convTranspose2d(w, null, far);
    assertThat(y.shape()).hasToString("1×1×7×7");
    assertThat(y.slice(2, 0, 5).slice(3, 0, 5).toDoubleArray())
        .containsExactly(x.convTranspose2d(w, null, far.outputPadding(0)).toDoubleArray());
    assertThat(y.slice(2, 5, 7).abs().sum().item()).isZero();
  }

  @Test
  void sequencesAreImagesOneRowHigh() {
    var random = new Philox(7);
    Tensor x = Tensor.randn(DType.F64, random, 2, 4, 9);
    Tensor w = Tensor.randn(DType.F64, random, 6, 2, 3);
    Tensor b = Tensor.randn(DType.F64, random, 6);
    Tensor y = x.conv1d(w, b, new Conv1dOptions(2, 1, 2, 2));
    Tensor image =
        x.unsqueeze(2)
            .conv2d(
                w.unsqueeze(2),
                b,
                Conv2dOptions.DEFAULT.stride(1, 2).padding(0, 1).dilation(1, 2).groups(2));
    assertThat(y.unsqueeze(2).sameBits(image)).isTrue();
    Tensor line = Tensor.of(new double[] {1, 5, 2, 4, 3}, 1, 1, 5);
    Window1d pairs = Window1d.of(2).stride(2);
    assertThat(line.maxPool1d(2).toDoubleArray()).containsExactly(5, 4);
    assertThat(line.maxPool1d(pairs.ceilMode(true)).toDoubleArray()).containsExactly(5, 4, 3);
    assertThat(line.maxPool1d(Window1d.of(2).dilation(2)).toDoubleArray()).containsExactly(2, 5, 3);
    assertThat(line.avgPool1d(2).toDoubleArray()).containsExactly(3, 3);
    assertThat(line.avgPool1d(pairs.padding(1), false).toDoubleArray())
        .containsExactly(1, 3.5, 3.5);
  }

  @Test
  void adaptiveRegionsCoverTheImage() {
    Tensor x = Tensor.randn(DType.F64, new Philox(8), 2, 3, 7, 10);
    for (int[] size : new int[][] {{1, 1}, {7, 5}, {3, 4}, {9, 13}, {7, 10}}) {
      Tensor y = x.adaptiveAvgPool2d(size[0], size[1]);
      assertThat(y.shape()).hasToString("2×3×" + size[0] + "×" + size[1]);
      for (int i = 0; i < size[0]; i++) {
        for (int j = 0; j < size[1]; j++) {
          int top = (int) Math.floor(i * 7.0 / size[0]);
          int bottom = (int) Math.ceil((i + 1) * 7.0 / size[0]);
          int left = (int) Math.floor(j * 10.0 / size[1]);
          int right = (int) Math.ceil((j + 1) * 10.0 / size[1]);
          double mean =
              x.slice(2, top, bottom).slice(3, left, right).pick(1, 2).pick(0, 1).mean().item();
          assertThat(y.get(1, 2, i, j)).isCloseTo(mean, within(1e-14));
        }
      }
    }
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
    refused(
        () -> x.convTranspose2d(Tensor.zeros(3, 4, 2, 2), null),
        "input 2×4×3×3 has 4 channels; weight 3×4×2×2 should be in × out/groups");
    refused(
        () -> x.convTranspose2d(Tensor.zeros(4, 2, 2, 2), Tensor.zeros(3)),
        "bias 3 should have one number for each of the 2 output channels");
    var cut = ConvTranspose2dOptions.DEFAULT.padding(2);
    refused(
        () -> x.convTranspose2d(Tensor.zeros(4, 2, 2, 2), null, cut),
        "would become images of 0×0 by a kernel of 2×2 padding 2; take less padding");
    refused(
        () -> x.convTranspose2d(Tensor.zeros(4, 2, 2, 2), null, cut.stride(1 << 30)),
        "take a smaller stride");
    refused(
        () -> x.convTranspose2d(Tensor.zeros(4, 2, 2, 2), null, cut.groups(3)),
        "4 input channels do not divide into 3 groups");
    Tensor line = Tensor.zeros(2, 4, 3);
    refused(
        () -> line.conv1d(Tensor.zeros(1, 4, 5), null),
        "conv1d: kernel 5 does not fit the length 3 of 2×4×3 with padding 0");
    refused(() -> line.conv1d(Tensor.zeros(1, 4), null), "should be out × in/groups × kernel");
    refused(() -> x.conv1d(Tensor.zeros(1, 4, 3), null), "2×4×3×3 should be N×C×L");
    refused(() -> line.maxPool1d(Window1d.of(3).padding(2)), "more than half of the kernel");
    refused(() -> line.maxPool1d(Window1d.of(2).dilation(3)), "kernel 2, dilated to 4, does not");
    refused(() -> x.adaptiveAvgPool2d(0, 2), "2×4×3×3 to 0×2; it should be N×C×H×W");
    assertThatThrownBy(() -> ConvTranspose2dOptions.DEFAULT.outputPadding(1))
        .hasMessage("outputPadding 1 must be below stride 1 or dilation 1");
    assertThatThrownBy(() -> Window.of(0)).hasMessageContaining("kernel must be at least 1");
    assertThatThrownBy(() -> Conv2dOptions.DEFAULT.groups(0)).hasMessageContaining("groups");
  }

  private static void refused(Runnable call, String sentence) {
    assertThatThrownBy(call::run).isInstanceOf(ShapeException.class).hasMessageContaining(sentence);
  }
}
