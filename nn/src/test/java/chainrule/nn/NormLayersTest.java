package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class NormLayersTest {
  private static Tensor randn(int... shape) {
    return Tensor.randn(DType.F64, new Philox(5, "x"), shape);
  }

  private static <M extends Module> M f64(Supplier<M> build) {
    return Module.in(DType.F64, build);
  }

  /** Mean 0 and biased variance 1 of each row, up to eps. */
  private static void standard(Tensor rows) {
    assertTrue(rows.mean(1).abs().max().item() < 1e-13);
    assertTrue(rows.square().mean(1).sub(1).abs().max().item() < 1e-4);
  }

  private static Tensor state(Module m, String key) {
    return Objects.requireNonNull(m.stateDict().get(key), key);
  }

  private static void refused(String message, Module model, Tensor x) {
    assertEquals(message, assertThrows(ShapeException.class, () -> model.forward(x)).getMessage());
  }

  @Test
  void batchNormOfImagesPoolsPixels() {
    Tensor x = randn(4, 3, 5, 2);
    BatchNorm2d norm = f64(() -> new BatchNorm2d(3));
    Tensor y = norm.forward(x);
    standard(y.permute(1, 0, 2, 3).reshape(3, -1));
    BatchNorm1d flat = f64(() -> new BatchNorm1d(3));
    assertTrue(y.reshape(4, 3, 10).sameBits(flat.forward(x.reshape(4, 3, 10))));
    assertTrue(state(norm, "running_var").sameBits(state(flat, "running_var")));
    assertEquals(
        List.of("weight", "bias", "running_mean", "running_var"),
        List.copyOf(norm.stateDict().keySet()));
    assertEquals(
        "1×3×1×1", norm.eval().forward(Tensor.ones(DType.F64, 1, 3, 1, 1)).shape().toString());
  }

  @Test
  void batchNormWithoutItsOptions() {
    var options = BatchNormOptions.DEFAULT.affine(false).trackRunningStats(false).eps(1e-9);
    BatchNorm2d norm = f64(() -> new BatchNorm2d(3, options));
    assertTrue(norm.stateDict().isEmpty());
    assertNull(norm.weight());
    Tensor x = randn(4, 3, 5, 2);
    Tensor y = norm.forward(x);
    assertTrue(y.sameBits(norm.eval().forward(x)));
    BatchNorm1d still = f64(() -> new BatchNorm1d(2, BatchNormOptions.DEFAULT.momentum(0)));
    still.forward(randn(5, 2));
    assertArrayEquals(new double[2], state(still, "running_mean").toDoubleArray());
  }

  @Test
  void batchNormRefuses() {
    Sequential model = new Sequential(new BatchNorm2d(3));
    refused(
        "BatchNorm2d 0: training needs more than one value per channel, got 1×3×1×1;"
            + " use a larger batch or eval()",
        model,
        Tensor.ones(1, 3, 1, 1));
    refused("BatchNorm2d 0: needs N×3×H×W, got 2×4×5×5", model, Tensor.ones(2, 4, 5, 5));
    refused("BatchNorm2d 0: needs N×3×H×W, got 2×3×5", model, Tensor.ones(2, 3, 5));
    Module untracked = new BatchNorm1d(2, BatchNormOptions.DEFAULT.trackRunningStats(false)).eval();
    refused(
        "BatchNorm1d: without running statistics more than one value per channel is needed,"
            + " got 1×2",
        untracked,
        Tensor.ones(1, 2));
    assertThrows(IllegalArgumentException.class, () -> BatchNormOptions.DEFAULT.momentum(2));
    assertThrows(IllegalArgumentException.class, () -> BatchNormOptions.DEFAULT.eps(0));
    var none = assertThrows(IllegalArgumentException.class, () -> new BatchNorm2d(0));
    assertEquals("BatchNorm2d: channels must be at least 1, got 0", none.getMessage());
  }

  @Test
  void groupNorm() {
    Tensor x = randn(2, 6, 3, 4);
    GroupNorm norm = f64(() -> new GroupNorm(2, 6));
    Tensor y = norm.forward(x);
    standard(y.reshape(4, 36));
    Tensor weight = randn(6);
    Tensor bias = randn(6).square();
    norm.parameters().getFirst().set(weight);
    norm.parameters().getLast().set(bias);
    Tensor scaled = y.mul(weight.reshape(6, 1, 1)).add(bias.reshape(6, 1, 1));
    assertTrue(norm.forward(x).allClose(scaled, 1e-14, 1e-14));
    Tensor one = f64(() -> new GroupNorm(1, 6, 1e-5, false)).forward(x);
    Tensor layer = f64(() -> new LayerNorm(6, 3, 4)).forward(x);
    assertTrue(one.allClose(layer, 1e-14, 1e-14));
    Tensor each = f64(() -> new GroupNorm(6, 6, 1e-5, false)).forward(x);
    assertTrue(each.allClose(f64(() -> new InstanceNorm2d(6)).forward(x), 1e-12, 1e-12));
    assertEquals("5×6", new GroupNorm(3, 6).forward(Tensor.ones(5, 6)).shape().toString());
  }

  @Test
  void groupNormRefuses() {
    Sequential model = new Sequential(new GroupNorm(3, 3));
    refused("GroupNorm 0: needs N×3×…, got 2×4", model, Tensor.ones(2, 4));
    refused(
        "GroupNorm 0: a group needs more than one value, got 1×3 in 3 groups",
        model,
        Tensor.ones(1, 3));
    var e = assertThrows(IllegalArgumentException.class, () -> new GroupNorm(4, 6));
    assertEquals("GroupNorm: 4 groups do not divide 6 channels", e.getMessage());
  }

  @Test
  void instanceNorm() {
    Tensor x = randn(2, 3, 4, 5).mul(3).add(1);
    InstanceNorm2d plain = f64(() -> new InstanceNorm2d(3));
    assertTrue(plain.stateDict().isEmpty());
    Tensor y = plain.forward(x);
    standard(y.reshape(6, 20));
    assertTrue(y.sameBits(plain.eval().forward(x)));
    InstanceNorm1d line = f64(() -> new InstanceNorm1d(3));
    assertTrue(y.reshape(2, 3, 20).sameBits(line.forward(x.reshape(2, 3, 20))));
  }

  @Test
  void instanceNormFollowsTheMeanOfItsSamples() {
    var options = InstanceNormOptions.DEFAULT.affine(true).trackRunningStats(true).momentum(0.25);
    InstanceNorm1d norm = f64(() -> new InstanceNorm1d(1, options));
    Tensor x = Tensor.of(new double[] {1, 3, 10, 20}, 2, 1, 2);
    norm.forward(x);
    assertArrayEquals(
        new double[] {0.25 * 8.5}, state(norm, "running_mean").toDoubleArray(), 1e-14);
    assertArrayEquals(
        new double[] {0.75 + 0.25 * 26}, state(norm, "running_var").toDoubleArray(), 1e-14);
    Tensor y = norm.eval().forward(x);
    double std = Math.sqrt(0.75 + 6.5 + 1e-5);
    assertEquals((20 - 2.125) / std, y.get(1, 0, 1), 1e-14);
    assertEquals(
        List.of("weight", "bias", "running_mean", "running_var"),
        List.copyOf(norm.stateDict().keySet()));
  }

  @Test
  void instanceNormRefuses() {
    Sequential model = new Sequential(new InstanceNorm1d(3));
    refused("InstanceNorm1d 0: needs N×3×L, got 2×3", model, Tensor.ones(2, 3));
    refused(
        "InstanceNorm1d 0: each channel of a sample needs more than one value, got 4×3×1",
        model,
        Tensor.ones(4, 3, 1));
    refused(
        "InstanceNorm2d: needs N×2×H×W, got 4×2×1", new InstanceNorm2d(2), Tensor.ones(4, 2, 1));
  }

  @Test
  void rmsNorm() {
    RMSNorm norm = f64(() -> new RMSNorm(new int[] {2}, 0.5));
    Tensor y = norm.forward(Tensor.of(new double[][] {{3, 4}, {0, 0}}));
    double root = Math.sqrt(12.5 + 0.5);
    assertArrayEquals(new double[] {3 / root, 4 / root, 0, 0}, y.toDoubleArray(), 1e-15);
    assertEquals(
        "RMSNorm(shape=[4], eps=1.1920928955078125E-7, affine=true)", new RMSNorm(4).toString());
    assertEquals(
        "RMSNorm(shape=[4], eps=2.220446049250313E-16, affine=true)",
        f64(() -> new RMSNorm(4)).toString());
    RMSNorm bare = f64(() -> new RMSNorm(new int[] {3, 4}, 1e-5, false));
    assertTrue(bare.stateDict().isEmpty());
    assertEquals("2×3×4", bare.forward(randn(2, 3, 4)).shape().toString());
    refused("RMSNorm: the last dimensions must be 3×4, got 4", bare, randn(4));
  }

  @Test
  void layerNormWithoutItsParameters() {
    Tensor x = randn(3, 4);
    LayerNorm bare = f64(() -> new LayerNorm(new int[] {4}, 1e-5, false, true));
    assertTrue(bare.stateDict().isEmpty());
    LayerNorm noBias = f64(() -> new LayerNorm(new int[] {4}, 1e-5, true, false));
    assertEquals(List.of("weight"), List.copyOf(noBias.stateDict().keySet()));
    Tensor y = f64(() -> new LayerNorm(4)).forward(x);
    assertTrue(y.allClose(bare.forward(x), 1e-15, 1e-15));
    assertTrue(y.allClose(noBias.forward(x), 1e-15, 1e-15));
  }

  @Test
  void gradientsOfEveryNorm() {
    var tracked = InstanceNormOptions.DEFAULT.affine(true).trackRunningStats(true);
    Module body =
        f64(
            () ->
                new Sequential(
                    new BatchNorm2d(4),
                    new GroupNorm(2, 4),
                    new InstanceNorm2d(4, tracked),
                    new RMSNorm(3),
                    new LayerNorm(new int[] {3}, 1e-5, true, false)));
    var report =
        GradCheck.check(x -> body.forward(x.getFirst()).tanh(), List.of(randn(2, 4, 2, 3)));
    assertTrue(report.passed(), report::toString);
  }
}
