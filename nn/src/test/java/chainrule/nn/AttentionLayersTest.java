package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.nn.MultiHeadAttention.Mask;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttentionLayersTest {
  private static final AttentionOptions FIRST = AttentionOptions.DEFAULT.batchFirst(true);
  private static final TransformerOptions SMALL =
      TransformerOptions.DEFAULT.feedForward(6).dropout(0).batchFirst(true);

  private static Tensor randn(String name, int... shape) {
    return Tensor.randn(DType.F64, new Philox(5, name), shape);
  }

  private static MultiHeadAttention attention(int width, int heads, AttentionOptions options) {
    MultiHeadAttention m =
        Module.in(DType.F64, () -> new MultiHeadAttention(width, heads, options));
    m.namedParameters().forEach((name, p) -> p.set(randn(name, p.shape().toArray()).mul(0.4)));
    return m;
  }

  private static Tensor named(Module m, String name) {
    return Objects.requireNonNull(m.stateDict().get(name));
  }

  private static boolean close(Tensor a, Tensor b) {
    return a.allClose(b, 1e-12, 1e-12);
  }

  /** Attention of one sample, head by head, as the paper writes it. */
  private static Tensor byHand(
      MultiHeadAttention m, int heads, Tensor query, Tensor key, Tensor added) {
    int e = query.size(1);
    int d = e / heads;
    Tensor w = named(m, "in_proj_weight");
    Tensor b = named(m, "in_proj_bias");
    Tensor q = query.linear(w.slice(0, 0, e), b.slice(0, 0, e));
    Tensor k = key.linear(w.slice(0, e, 2 * e), b.slice(0, e, 2 * e));
    Tensor v = key.linear(w.slice(0, 2 * e, 3 * e), b.slice(0, 2 * e, 3 * e));
    Tensor[] out = new Tensor[heads];
    for (int h = 0; h < heads; h++) {
      Tensor scores =
          q.slice(1, h * d, h * d + d)
              .matmul(k.slice(1, h * d, h * d + d).t())
              .div(Math.sqrt(d))
              .add(added);
      out[h] = scores.softmax(1).matmul(v.slice(1, h * d, h * d + d));
    }
    return Tensor.cat(1, out).linear(named(m, "out_proj.weight"), named(m, "out_proj.bias"));
  }

  @Test
  void theFormulaOfThePaper() {
    MultiHeadAttention m = attention(6, 3, FIRST);
    Tensor x = randn("x", 2, 5, 6);
    Tensor memory = randn("memory", 2, 4, 6);
    Tensor nothing = Tensor.zeros(DType.F64, 1);
    Tensor past = Masks.causal(5).to(DType.F64).hidingZeros();
    Tensor self = m.forward(x);
    Tensor causal = m.forward(x, x, x, Mask.NONE.causal(true));
    Tensor cross = m.forward(x, memory, memory);
    Tensor added = randn("added", 5, 4);
    Tensor masked = m.forward(x, memory, memory, Mask.NONE.scores(added));
    for (int i = 0; i < 2; i++) {
      Tensor one = x.pick(0, i);
      Tensor other = memory.pick(0, i);
      assertTrue(close(self.pick(0, i), byHand(m, 3, one, one, nothing)));
      assertTrue(close(causal.pick(0, i), byHand(m, 3, one, one, past)));
      assertTrue(close(cross.pick(0, i), byHand(m, 3, one, other, nothing)));
      assertTrue(close(masked.pick(0, i), byHand(m, 3, one, other, added)));
      assertTrue(close(m.forward(one), self.pick(0, i)));
    }
  }

  @Test
  void batchFirstIsTheSameAttention() {
    MultiHeadAttention first = attention(6, 2, FIRST);
    MultiHeadAttention second = attention(6, 2, AttentionOptions.DEFAULT);
    Tensor x = randn("x", 2, 5, 6);
    Tensor turned = x.transpose(0, 1);
    assertTrue(close(first.forward(x).transpose(0, 1), second.forward(turned)));
    Tensor keys = Masks.lengths(5, 5, 2);
    Mask mask = Mask.NONE.keys(keys);
    assertTrue(
        close(
            first.forward(x, x, x, mask).transpose(0, 1),
            second.forward(turned, turned, turned, mask)));
  }

  @Test
  void parametersAreNamedAndDrawnAsPyTorchDoes() {
    MultiHeadAttention m = new MultiHeadAttention(32, 4);
    assertEquals(
        List.of("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"),
        List.copyOf(m.stateDict().keySet()));
    double glorot = Math.sqrt(6.0 / (4 * 32));
    double largest = named(m, "in_proj_weight").abs().max().item();
    assertTrue(largest <= glorot && largest > 0.95 * glorot);
    assertEquals(0, named(m, "in_proj_bias").abs().max().item());
    assertEquals(0, named(m, "out_proj.bias").abs().max().item());
    assertTrue(named(m, "out_proj.weight").abs().max().item() <= 1 / Math.sqrt(32));
    MultiHeadAttention other =
        new MultiHeadAttention(8, 2, AttentionOptions.DEFAULT.widths(5, 3).bias(false));
    assertEquals(
        List.of("q_proj_weight", "k_proj_weight", "v_proj_weight", "out_proj.weight"),
        List.copyOf(other.stateDict().keySet()));
    Tensor y = other.forward(Tensor.ones(4, 2, 8), Tensor.ones(6, 2, 5), Tensor.ones(6, 2, 3));
    assertEquals("4×2×8", y.shape().toString());
    TransformerBlock block = new TransformerBlock(8, 2, SMALL.cross(true));
    Set<String> names = block.stateDict().keySet();
    assertTrue(
        names.containsAll(
            Set.of(
                "self_attn.in_proj_weight",
                "multihead_attn.out_proj.bias",
                "linear1.weight",
                "linear2.bias",
                "norm3.weight")));
    assertEquals(18, names.size());
    assertEquals(12, new TransformerBlock(8, 2, SMALL).stateDict().size());
  }

  @Test
  void paddingIsNotSeenAndWhoSeesNothingGetsNothing() {
    for (double dropout : new double[] {0, 1e-300}) {
      MultiHeadAttention m = attention(6, 2, FIRST.dropout(dropout));
      Parameter x = randn("x", 3, 4, 6).requiresGrad();
      Mask mask = Mask.NONE.keys(Masks.lengths(4, 4, 2, 0));
      Tensor y = m.forward(x, x, x, mask);
      Tensor cut = x.detach().slice(0, 1, 2).slice(1, 0, 2);
      Tensor query = x.detach().slice(0, 1, 2);
      assertTrue(close(y.slice(0, 1, 2), m.forward(query, cut, cut)));
      Tensor bias = named(m, "out_proj.bias").expand(4, 6);
      assertTrue(close(y.pick(0, 2), bias));
      y.square().sum().backward();
      Tensor g = Objects.requireNonNull(x.grad());
      assertTrue(g.allFinite());
      assertEquals(0, g.pick(0, 2).abs().max().item());
      Tensor weights = m.weights(x, x, mask);
      assertEquals(0, weights.pick(0, 2).abs().max().item());
      assertEquals("3×2×4×4", weights.shape().toString());
      assertTrue(close(weights.pick(0, 1).sum(2), Tensor.ones(DType.F64, 2, 4)));
    }
  }

  /** With dropout the weights are written out; without dropping any they are the same. */
  @Test
  void dropoutOfWeights() {
    MultiHeadAttention m = attention(6, 2, FIRST.dropout(0.5));
    Tensor x = randn("x", 2, 5, 6);
    assertFalse(m.forward(x).sameBits(m.forward(x)));
    m.eval();
    Tensor fused = m.forward(x, x, x, Mask.NONE.causal(true));
    MultiHeadAttention none = attention(6, 2, FIRST.dropout(1e-300));
    assertTrue(close(none.forward(x, x, x, Mask.NONE.causal(true)), fused));
  }

  @Test
  void whatDoesNotFitIsSaidWithItsShapes() {
    var heads = assertThrows(IllegalArgumentException.class, () -> new MultiHeadAttention(6, 4));
    assertEquals("MultiHeadAttention: 4 heads do not divide the width 6", heads.getMessage());
    MultiHeadAttention m = new MultiHeadAttention(6, 2);
    var e =
        assertThrows(
            ShapeException.class,
            () -> m.forward(Tensor.ones(5, 2, 6), Tensor.ones(4, 3, 6), Tensor.ones(4, 3, 6)));
    assertEquals(
        "MultiHeadAttention: needs queries T×N×6, keys S×N×6 and values S×N×6, all of them"
            + " perhaps without N, got 5×2×6, 4×3×6 and 4×3×6",
        e.getMessage());
    Tensor x = Tensor.ones(5, 2, 6);
    Mask mask = Mask.NONE.keys(Tensor.ones(5, 2));
    e = assertThrows(ShapeException.class, () -> m.forward(x, x, x, mask));
    assertEquals("MultiHeadAttention: the mask of the keys must be 2×5, got 5×2", e.getMessage());
    TransformerBlock decoder = new TransformerBlock(6, 2, SMALL.cross(true));
    var alone = assertThrows(IllegalArgumentException.class, () -> decoder.forward(x));
    assertEquals(
        "TransformerBlock: with cross it needs the second sequence, forward(x, memory)",
        alone.getMessage());
    TransformerBlock encoder = new TransformerBlock(6, 2, SMALL);
    assertThrows(IllegalArgumentException.class, () -> encoder.forward(x, x));
    assertThrows(IllegalArgumentException.class, () -> SMALL.activation("tanh"));
  }

  @Test
  void blocksAreWhatTheySay() {
    for (boolean first : new boolean[] {true, false}) {
      TransformerBlock block =
          Module.in(
              DType.F64,
              () -> new TransformerBlock(4, 2, SMALL.normFirst(first).activation("gelu")));
      Module self = Objects.requireNonNull(block.children().get("self_attn"));
      Module norm1 = Objects.requireNonNull(block.children().get("norm1"));
      Module norm2 = Objects.requireNonNull(block.children().get("norm2"));
      Module linear1 = Objects.requireNonNull(block.children().get("linear1"));
      Module linear2 = Objects.requireNonNull(block.children().get("linear2"));
      Tensor x = randn("x", 2, 3, 4);
      Tensor y;
      if (first) {
        y = x.add(self.forward(norm1.forward(x)));
        y = y.add(linear2.forward(linear1.forward(norm2.forward(y)).gelu()));
      } else {
        y = norm1.forward(x.add(self.forward(x)));
        y = norm2.forward(y.add(linear2.forward(linear1.forward(y).gelu())));
      }
      assertTrue(close(block.forward(x), y));
    }
  }

  @Test
  void causalBlocksDoNotSeeTheFuture() {
    TransformerBlock block =
        Module.in(DType.F64, () -> new TransformerBlock(4, 2, SMALL.causal(true)));
    Tensor x = randn("x", 1, 6, 4);
    assertTrue(close(block.forward(x).slice(1, 0, 3), block.forward(x.slice(1, 0, 3))));
    Tensor free = block.forward(x, Mask.NONE);
    assertFalse(close(free.slice(1, 0, 3), block.forward(x.slice(1, 0, 3), Mask.NONE)));
  }

  @Test
  void gradients() {
    TransformerBlock decoder =
        Module.in(
            DType.F64,
            () -> new TransformerBlock(4, 2, SMALL.causal(true).cross(true).activation("gelu")));
    Mask memoryMask = Mask.NONE.keys(Masks.lengths(3, 3, 1));
    var report =
        GradCheck.check(
            in -> decoder.forward(in.get(0), in.get(1), Mask.NONE.causal(true), memoryMask),
            List.of(randn("x", 2, 3, 4), randn("memory", 2, 3, 4)));
    assertTrue(report.passed(), report::toString);
    decoder.forward(randn("x", 2, 3, 4), randn("m", 2, 3, 4)).square().sum().backward();
    decoder
        .namedParameters()
        .forEach((name, p) -> assertTrue(Objects.requireNonNull(p.grad()).allFinite(), name));
  }

  @Test
  void positions() {
    Tensor zeros = Tensor.zeros(DType.F64, 2, 3, 4);
    Tensor waves = new SinusoidalPositions(4, true).forward(zeros);
    assertEquals(Math.sin(2), waves.get(1, 2, 0), 1e-15);
    assertEquals(Math.cos(2), waves.get(1, 2, 1), 1e-15);
    assertEquals(Math.sin(2 / 100.0), waves.get(0, 2, 2), 1e-15);
    assertEquals(Math.cos(1 / 100.0), waves.get(0, 1, 3), 1e-15);
    Tensor turned = new SinusoidalPositions(4).forward(zeros.transpose(0, 1));
    assertTrue(turned.sameBits(waves.transpose(0, 1)));
    assertTrue(new SinusoidalPositions(4).forward(zeros.pick(0, 0)).sameBits(waves.pick(0, 1)));
    LearnedPositions learned = new LearnedPositions(5, 4, true);
    Tensor y = learned.forward(Tensor.zeros(2, 3, 4));
    assertTrue(y.pick(0, 1).sameBits(named(learned, "weight").slice(0, 0, 3)));
    y.sum().backward();
    Tensor g = Objects.requireNonNull(learned.parameters().getFirst().grad());
    assertArrayEquals(new double[] {8, 8, 8, 0, 0}, g.sum(1).toDoubleArray());
    var e = assertThrows(ShapeException.class, () -> learned.forward(Tensor.ones(2, 6, 4)));
    assertEquals(
        "LearnedPositions: needs sequences of N×T×4, or one of T×4, with T at most 5, got 2×6×4",
        e.getMessage());
  }
}
