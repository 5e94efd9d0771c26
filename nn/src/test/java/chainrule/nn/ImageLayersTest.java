package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.Conv1dOptions;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.ConvTranspose2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import chainrule.tensor.Window1d;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ImageLayersTest {
  private static Tensor randn(int... shape) {
    return Tensor.randn(DType.F64, new Philox(5, "x"), shape);
  }

  private static void refused(String message, Module model, Tensor x) {
    assertEquals(message, assertThrows(ShapeException.class, () -> model.forward(x)).getMessage());
  }

  private static void startsWithin(double bound, Tensor... starts) {
    for (Tensor start : starts) {
      double largest = start.abs().max().item();
      assertTrue(largest <= bound && largest > bound / 2, () -> largest + " for " + bound);
    }
  }

  @Test
  void conv1d() {
    Conv1d layer = new Conv1d(4, 6, 3, Conv1dOptions.DEFAULT.groups(2).padding(1).stride(2));
    layer.init(5);
    assertEquals("6×2×3", layer.weight().shape().toString());
    startsWithin(1 / Math.sqrt(6), layer.weight(), Objects.requireNonNull(layer.bias()));
    assertEquals("2×6×4", layer.forward(Tensor.ones(2, 4, 7)).shape().toString());
    refused("Conv1d: the input must be N×4×L, got 2×3×7", layer, Tensor.ones(2, 3, 7));
    refused("Conv1d: the input must be N×4×L, got 4×7", layer, Tensor.ones(4, 7));
    refused(
        "conv1d: kernel 9 does not fit the length 7 of 2×4×7 with padding 0;"
            + " take a smaller kernel or more padding",
        new Conv1d(4, 1, 9),
        Tensor.ones(2, 4, 7));
    assertNull(new Conv1d(4, 6, 3, Conv1dOptions.DEFAULT, false).bias());
    var three = Conv1dOptions.DEFAULT.groups(3);
    var e = assertThrows(IllegalArgumentException.class, () -> new Conv1d(4, 6, 3, three));
    assertEquals("Conv1d: 3 groups do not divide in 4 and out 6", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Conv1d(4, 6, 0));
  }

  @Test
  void convTranspose2d() {
    var options = ConvTranspose2dOptions.DEFAULT.groups(2).stride(2).padding(1).outputPadding(1);
    ConvTranspose2d layer = new ConvTranspose2d(4, 6, 3, 2, options, true);
    layer.init(5);
    assertEquals("4×3×3×2", layer.weight().shape().toString());
    startsWithin(1 / Math.sqrt(18), layer.weight(), Objects.requireNonNull(layer.bias()));
    assertEquals("2×6×10×11", layer.forward(Tensor.ones(2, 4, 5, 6)).shape().toString());
    refused(
        "ConvTranspose2d: the input must be N×4×H×W, got 2×3×5×6", layer, Tensor.ones(2, 3, 5, 6));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConvTranspose2d(4, 6, 3, ConvTranspose2dOptions.DEFAULT.groups(3)));
  }

  /** An encoder halves the image, the decoder with the same options doubles it again. */
  @Test
  void aDecoderUndoesTheSizesOfItsEncoder() {
    var half = Conv2dOptions.DEFAULT.stride(2).padding(1);
    var twice = ConvTranspose2dOptions.DEFAULT.stride(2).padding(1).outputPadding(1);
    var model =
        new Sequential(
            new Conv2d(1, 4, 3, half),
            new Conv2d(4, 8, 3, half),
            new Flatten(),
            new Linear(8 * 7 * 7, 16),
            new Linear(16, 8 * 7 * 7),
            new Unflatten(1, 8, 7, 7),
            new ConvTranspose2d(8, 4, 3, twice),
            new ConvTranspose2d(4, 1, 3, twice));
    assertEquals("2×1×28×28", model.forward(Tensor.ones(2, 1, 28, 28)).shape().toString());
  }

  @Test
  void pooling() {
    Tensor line = Tensor.of(new double[] {1, 5, 2, 4, 3}, 1, 1, 5);
    assertArrayEquals(new double[] {5, 4}, new MaxPool1d(2).forward(line).toDoubleArray());
    Window1d hanging = Window1d.of(2).stride(2).ceilMode(true);
    assertArrayEquals(new double[] {5, 4, 3}, new MaxPool1d(hanging).forward(line).toDoubleArray());
    assertArrayEquals(new double[] {3, 3}, new AvgPool1d(2).forward(line).toDoubleArray());
    var dilated = Window1d.of(2).dilation(2);
    assertThrows(IllegalArgumentException.class, () -> new AvgPool1d(dilated, true));
    Tensor image = Tensor.ones(1, 2, 5, 5);
    Window ceil = Window.of(2).stride(2).ceilMode(true);
    assertEquals("1×2×3×3", new MaxPool2d(ceil).forward(image).shape().toString());
    assertEquals("1×2×3×3", new AvgPool2d(ceil, true).forward(image).shape().toString());
    assertEquals("1×2×2×2", new MaxPool2d(2).forward(image).shape().toString());
    refused(
        "maxPool2d: kernel 6×6 does not fit 5×5 with padding 0; take a smaller kernel or more"
            + " padding",
        new MaxPool2d(6),
        image);
  }

  @Test
  void adaptivePooling() {
    Tensor x = randn(2, 3, 7, 5);
    Tensor one = new AdaptiveAvgPool2d(1).forward(x);
    assertTrue(one.reshape(2, 3).allClose(x.reshape(2, 3, 35).mean(2), 1e-14, 1e-14));
    assertEquals("2×3×4×2", new AdaptiveAvgPool2d(4, 2).forward(x).shape().toString());
    assertThrows(IllegalArgumentException.class, () -> new AdaptiveAvgPool2d(0));
    refused(
        "adaptiveAvgPool2d: 3×7×5 to 2×2; it should be N×C×H×W, and no size 0",
        new AdaptiveAvgPool2d(2),
        x.pick(0, 0));
  }

  @Test
  void unflatten() {
    assertEquals(
        "2×3×2×5", new Unflatten(1, 3, 2).forward(Tensor.ones(2, 6, 5)).shape().toString());
    assertEquals("2×3×2", new Unflatten(-1, 3, 2).forward(Tensor.ones(2, 6)).shape().toString());
    refused(
        "Unflatten: dimension 1 must be 6 for 3×2, got 2×5",
        new Unflatten(1, 3, 2),
        Tensor.ones(2, 5));
  }

  @Test
  void gradients() {
    Module images =
        Module.in(
            DType.F64,
            () ->
                new Sequential(
                    new ConvTranspose2d(2, 3, 3, ConvTranspose2dOptions.DEFAULT.stride(2)),
                    new PReLU(3, 0.2),
                    new AdaptiveAvgPool2d(3, 2)));
    images.init(4);
    var report = GradCheck.check(x -> images.forward(x.getFirst()), List.of(randn(2, 2, 2, 3)));
    assertTrue(report.passed(), report::toString);
    Module sequences =
        Module.in(
            DType.F64,
            () ->
                new Sequential(
                    new Conv1d(2, 4, 3, Conv1dOptions.DEFAULT.padding(2).dilation(2)),
                    new GLU(1),
                    new MaxPool1d(Window1d.of(2).stride(2).ceilMode(true)),
                    new AvgPool1d(2)));
    sequences.init(4);
    report = GradCheck.check(x -> sequences.forward(x.getFirst()), List.of(randn(2, 2, 7)));
    assertTrue(report.passed(), report::toString);
  }
}
