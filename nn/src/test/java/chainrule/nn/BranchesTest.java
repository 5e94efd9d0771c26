package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Layers of several inputs, of indices, of branches, and weights that two layers share. */
class BranchesTest {
  private static Tensor randn(int... shape) {
    return Tensor.randn(DType.F64, new Philox(5, "x"), shape);
  }

  private static Tensor indices(int... values) {
    return Tensor.of(values);
  }

  @Test
  void embedding() {
    Embedding layer = Module.in(DType.F64, () -> new Embedding(5, 3));
    assertEquals("5×3", layer.weight().shape().toString());
    Tensor y = layer.forward(Tensor.of(new int[] {4, 0, 4, 1}, 2, 2));
    assertEquals("2×2×3", y.shape().toString());
    assertArrayEquals(
        layer.weight().pick(0, 4).toDoubleArray(), y.pick(0, 1).pick(0, 0).toDoubleArray());
    double[] dw = Autograd.grad(y.sum(), layer.weight()).sum(1).toDoubleArray();
    assertArrayEquals(new double[] {3, 3, 0, 0, 6}, dw);
    assertEquals("3", layer.forward(Tensor.of(new int[] {2}).reshape()).shape().toString());
    Tensor large = new Embedding(400, 100).weight();
    assertEquals(0, large.mean().item(), 0.02);
    assertEquals(1, large.std().item(), 0.02);
  }

  @Test
  void theRowForPaddingStaysWhatItIs() {
    Embedding layer = Module.in(DType.F64, () -> new Embedding(4, 2, -1));
    assertEquals("Embedding(num=4, dim=2, paddingIdx=3)", layer.toString());
    assertArrayEquals(new double[2], layer.weight().pick(0, 3).toDoubleArray());
    assertTrue(layer.weight().slice(0, 0, 3).abs().min().item() > 0);
    Tensor y = layer.forward(indices(3, 1, 3));
    double[] dw = Autograd.grad(y.sum(), layer.weight()).sum(1).toDoubleArray();
    assertArrayEquals(new double[] {0, 2, 0, 0}, dw);
    layer.weight().set(Tensor.ones(DType.F64, 4, 2));
    assertEquals(6, layer.forward(indices(3, 1, 3)).sum().item());
    assertThrows(IllegalArgumentException.class, () -> new Embedding(4, 2, 4));
  }

  @Test
  void embeddingRefuses() {
    Sequential model = new Sequential(new Embedding(4, 2));
    var type = assertThrows(DTypeException.class, () -> model.forward(Tensor.ones(3)));
    assertEquals(
        "Embedding 0: indices must be I32, got F32; convert with to(DType.I32)", type.getMessage());
    var range = assertThrows(IndexOutOfBoundsException.class, () -> model.forward(indices(0, 4)));
    assertTrue(range.getMessage().contains("4"), range::getMessage);
    assertThrows(IndexOutOfBoundsException.class, () -> model.forward(indices(-1)));
  }

  @Test
  void bilinear() {
    Bilinear layer = Module.in(DType.F64, () -> new Bilinear(2, 3, 4));
    double bound = 1 / Math.sqrt(2);
    assertTrue(layer.weight().abs().max().item() <= bound);
    assertTrue(layer.weight().abs().max().item() > bound / 2);
    Tensor a = randn(5, 2);
    Tensor b = Tensor.randn(DType.F64, new Philox(6), 5, 3);
    Tensor y = layer.forward(a, b);
    Tensor bias = Objects.requireNonNull(layer.bias());
    for (int n = 0; n < 5; n++) {
      for (int o = 0; o < 4; o++) {
        double sum = bias.get(o);
        for (int i = 0; i < 2; i++) {
          for (int j = 0; j < 3; j++) {
            sum += a.get(n, i) * layer.weight().get(o, i, j) * b.get(n, j);
          }
        }
        assertEquals(sum, y.get(n, o), 1e-14);
      }
    }
    assertTrue(y.sameBits(layer.forward(Tensor.cat(1, a, b))));
    Tensor deep = layer.forward(a.reshape(5, 1, 2), b.reshape(5, 1, 3));
    assertTrue(deep.reshape(5, 4).sameBits(y));
    assertEquals("4", layer.forward(a.pick(0, 0), b.pick(0, 0)).shape().toString());
    assertNull(new Bilinear(1, 1, 1, false).bias());
    var report = GradCheck.check(in -> layer.forward(in.getFirst(), in.getLast()), List.of(a, b));
    assertTrue(report.passed(), report::toString);
  }

  @Test
  void bilinearNamesBothShapes() {
    Bilinear layer = new Bilinear(2, 3, 4);
    var e =
        assertThrows(
            ShapeException.class, () -> layer.forward(Tensor.ones(5, 2), Tensor.ones(4, 3)));
    assertEquals("Bilinear: the inputs must be …×2 and …×3, got 5×2 and 4×3", e.getMessage());
    var one = assertThrows(ShapeException.class, () -> layer.forward(Tensor.ones(5, 4)));
    assertEquals("Bilinear: both inputs side by side must end in 2 + 3, got 5×4", one.getMessage());
  }

  @Test
  void flattenConsecutive() {
    Tensor x = Tensor.arange(12).to(DType.F32).reshape(1, 4, 3);
    assertEquals("1×2×6", new FlattenConsecutive(2).forward(x).shape().toString());
    assertEquals(
        6, new FlattenConsecutive(2).forward(x).get(0, 1, 0), "the third of four neighbours");
    assertEquals("1×12", new FlattenConsecutive(4).forward(x).shape().toString());
    var e = assertThrows(ShapeException.class, () -> new FlattenConsecutive(3).forward(x));
    assertEquals(
        "FlattenConsecutive: needs N×T×C with T a multiple of 3, got 1×4×3", e.getMessage());
  }

  /** The tree of makemore: 27 characters, 8 before each, joined two by two. */
  @Test
  void makemoresTree() {
    Sequential model =
        new Sequential(
            new Embedding(27, 24),
            new FlattenConsecutive(2),
            new Linear(48, 128, false),
            new Lambda(x -> x.permute(0, 2, 1)),
            new BatchNorm1d(128),
            new Lambda(x -> x.permute(0, 2, 1)),
            new Tanh(),
            new FlattenConsecutive(2),
            new Linear(256, 128, false),
            new FlattenConsecutive(2),
            new Linear(256, 27));
    Tensor x = Tensor.of(new int[32 * 8]).reshape(32, 8);
    assertEquals("32×27", model.forward(x).shape().toString());
    assertEquals(27 * 24 + 48 * 128 + 256 + 256 * 128 + 256 * 27 + 27, model.parameterCount());
  }

  @Test
  void branches() {
    Tensor x = Tensor.of(new float[][] {{-1, 2}});
    Concat concat = new Concat(1, new ReLU(), new Identity(), new Tanh());
    Tensor y = concat.forward(x);
    assertEquals("1×6", y.shape().toString());
    assertArrayEquals(new double[] {0, 2, -1, 2}, y.slice(1, 0, 4).toDoubleArray());
    Parallel sum = new Parallel(new ReLU(), new Identity(), new Identity());
    assertArrayEquals(new double[] {-2, 6}, sum.forward(x).toDoubleArray());
    assertEquals(List.of("0", "1", "2"), List.copyOf(sum.children().keySet()));
    assertThrows(IllegalArgumentException.class, Parallel::new);
    assertThrows(IllegalArgumentException.class, () -> new Concat(1));
    Module uneven = new Parallel(new Linear(2, 3), new Linear(2, 4));
    var e = assertThrows(ShapeException.class, () -> uneven.forward(x));
    assertEquals(
        "Parallel: branch 0 maps 1×2 to 1×3, branch 1 to 1×4; they must be one shape",
        e.getMessage());
  }

  @Test
  void residualWithAShortcut() {
    Module body =
        new Sequential(
            new Conv2d(4, 8, 3, Conv2dOptions.DEFAULT.stride(2).padding(1)), new BatchNorm2d(8));
    Residual block = new Residual(body, new Conv2d(4, 8, 1, Conv2dOptions.DEFAULT.stride(2)));
    assertEquals("2×8×5×5", block.forward(Tensor.ones(2, 4, 9, 9)).shape().toString());
    assertTrue(block.namedParameters().containsKey("shortcut.weight"));
    Residual uneven = new Residual(new Linear(2, 3), new Linear(2, 4));
    var e = assertThrows(ShapeException.class, () -> uneven.forward(Tensor.ones(1, 2)));
    assertEquals(
        "Residual: the body maps 1×2 to 1×3, the shortcut to 1×4; they must be one shape",
        e.getMessage());
  }

  @Test
  void lambda() {
    assertEquals("3×2", new Lambda(Tensor::t).forward(Tensor.ones(2, 3)).shape().toString());
    assertTrue(new Lambda(Tensor::t).parameters().isEmpty());
  }

  /** Press and Wolf's tied weights: the table that reads words also scores them. */
  @Test
  void anEmbeddingAndTheHeadShareTheirWeight() {
    Embedding embedding = Module.in(DType.F64, () -> new Embedding(7, 3));
    Linear head = new Linear(embedding.weight(), false);
    Sequential model = new Sequential(embedding, new Tanh(), head);
    assertSame(embedding.weight(), head.weight());
    assertEquals(21, model.parameterCount());
    assertEquals(List.of("0.weight"), List.copyOf(model.stateDict().keySet()));
    assertEquals("0.weight", head.weight().name());

    Tensor x = indices(1, 4);
    Tensor y = model.forward(x);
    assertEquals("2×7", y.shape().toString());
    y.sum().backward();
    Tensor gradient = Objects.requireNonNull(embedding.weight().grad());
    Parameter table = embedding.weight().value().requiresGrad();
    Tensor free = table.value().indexSelect(0, x).tanh().matmul(table, false, true).sum();
    Tensor asHead = Autograd.grad(free, table);
    Parameter read = embedding.weight().value().requiresGrad();
    Tensor asTable =
        Autograd.grad(read.indexSelect(0, x).tanh().matmul(table.value(), false, true).sum(), read);
    assertTrue(gradient.allClose(asHead.add(asTable), 1e-13, 1e-13));

    Tensor before = embedding.weight().value();
    model.init(9);
    assertFalse(before.sameBits(head.weight().value()));
    model.freeze();
    assertFalse(head.weight().trainable());
    assertThrows(
        IllegalArgumentException.class, () -> new Linear(Tensor.ones(3).requiresGrad(), false));
  }

  @Test
  void aSharedModuleIsCountedOnce() {
    Linear shared = new Linear(4, 4);
    Sequential model = new Sequential(shared, new Tanh(), shared, new Parallel(shared, shared));
    assertEquals(20, model.parameterCount());
    assertEquals(List.of("0.weight", "0.bias"), List.copyOf(model.stateDict().keySet()));
    model.forward(Tensor.ones(2, 4)).sum().backward();
    assertEquals(16, Objects.requireNonNull(shared.weight().grad()).size());
    model.freeze();
    assertTrue(model.parameters().stream().noneMatch(Parameter::trainable));
  }
}
