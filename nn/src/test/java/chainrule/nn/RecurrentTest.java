package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecurrentTest {
  private static final RecurrentOptions BOTH =
      RecurrentOptions.DEFAULT.layers(2).bidirectional(true);

  private static Tensor randn(int... shape) {
    return Tensor.randn(DType.F64, new Philox(5, "x" + shape.length), shape);
  }

  private static Tensor named(Module m, String name) {
    return Objects.requireNonNull(m.stateDict().get(name));
  }

  private static boolean close(Tensor a, Tensor b) {
    return a.allClose(b, 1e-12, 1e-12);
  }

  /** One direction of a single layer by the formulas of the papers, a step at a time. */
  private static Tensor[] byHand(Module m, Tensor x, Tensor hidden, Tensor cell) {
    Tensor[] outputs = new Tensor[x.size(0)];
    Tensor h = hidden;
    Tensor c = cell;
    for (int t = 0; t < outputs.length; t++) {
      Tensor a = x.pick(0, t).linear(named(m, "weight_ih_l0"), named(m, "bias_ih_l0"));
      Tensor b = h.linear(named(m, "weight_hh_l0"), named(m, "bias_hh_l0"));
      int n = h.size(1);
      switch (m) {
        case RNN _ -> h = a.add(b).tanh();
        case GRU _ -> {
          Tensor gates = a.add(b);
          Tensor r = gates.slice(1, 0, n).sigmoid();
          Tensor z = gates.slice(1, n, 2 * n).sigmoid();
          Tensor fresh = a.slice(1, 2 * n, 3 * n).add(r.mul(b.slice(1, 2 * n, 3 * n))).tanh();
          h = z.oneMinus().mul(fresh).add(z.mul(h));
        }
        default -> {
          Tensor gates = a.add(b);
          Tensor i = gates.slice(1, 0, n).sigmoid();
          Tensor f = gates.slice(1, n, 2 * n).sigmoid();
          Tensor g = gates.slice(1, 2 * n, 3 * n).tanh();
          Tensor o = gates.slice(1, 3 * n, 4 * n).sigmoid();
          c = f.mul(c).add(i.mul(g));
          h = o.mul(c.tanh());
        }
      }
      outputs[t] = h;
    }
    return new Tensor[] {Tensor.stack(0, outputs), h, c};
  }

  @Test
  void theFormulasOfThePapers() {
    Tensor x = randn(4, 3, 5);
    Tensor h = randn(1, 3, 2);
    Tensor c = h.mul(0.5);
    RNN rnn = Module.in(DType.F64, () -> new RNN(5, 2));
    Tensor[] expected = byHand(rnn, x, h.pick(0, 0), c);
    RNN.Result plain = rnn.run(x, null, h);
    assertTrue(close(plain.output(), expected[0]));
    assertTrue(close(plain.hidden(), expected[1].unsqueeze(0)));
    GRU gru = Module.in(DType.F64, () -> new GRU(5, 2));
    expected = byHand(gru, x, h.pick(0, 0), c);
    GRU.Result gated = gru.run(x, null, h);
    assertTrue(close(gated.output(), expected[0]));
    assertTrue(close(gated.hidden(), expected[1].unsqueeze(0)));
    LSTM lstm = Module.in(DType.F64, () -> new LSTM(5, 2));
    expected = byHand(lstm, x, h.pick(0, 0), c.pick(0, 0));
    LSTM.Result longShort = lstm.run(x, null, h, c);
    assertTrue(close(longShort.output(), expected[0]));
    assertTrue(close(longShort.hidden(), expected[1].unsqueeze(0)));
    assertTrue(close(longShort.cell(), expected[2].unsqueeze(0)));
    Tensor zeros = Tensor.zeros(DType.F64, 3, 2);
    assertTrue(close(lstm.forward(x), byHand(lstm, x, zeros, zeros)[0]));
  }

  @Test
  void parametersAreNamedAndDrawnAsPyTorchDoes() {
    LSTM lstm = new LSTM(3, 16, BOTH);
    assertEquals(
        List.of(
            "weight_ih_l0",
            "weight_hh_l0",
            "bias_ih_l0",
            "bias_hh_l0",
            "weight_ih_l0_reverse",
            "weight_hh_l0_reverse",
            "bias_ih_l0_reverse",
            "bias_hh_l0_reverse"),
        List.copyOf(lstm.stateDict().keySet()).subList(0, 8));
    assertEquals("64×3", named(lstm, "weight_ih_l0").shape().toString());
    assertEquals("64×32", named(lstm, "weight_ih_l1_reverse").shape().toString());
    assertEquals("48×16", named(new GRU(3, 16), "weight_hh_l0").shape().toString());
    for (Parameter p : lstm.parameters()) {
      double largest = p.abs().max().item();
      assertTrue(largest <= 0.25 && largest > 0.2, p.name());
    }
    assertEquals(
        2, new RNN(3, 4, "relu", RecurrentOptions.DEFAULT.bias(false)).parameters().size());
  }

  @Test
  void batchFirstAndSingleSequencesAreTheSameSequences() {
    GRU gru = Module.in(DType.F64, () -> new GRU(4, 3, BOTH));
    GRU first = Module.in(DType.F64, () -> new GRU(4, 3, BOTH.batchFirst(true)));
    Tensor x = randn(5, 2, 4);
    GRU.Result r = gru.run(x);
    GRU.Result s = first.run(x.transpose(0, 1));
    assertEquals("5×2×6", r.output().shape().toString());
    assertEquals("4×2×3", r.hidden().shape().toString());
    assertTrue(s.output().sameBits(r.output().transpose(0, 1)));
    assertTrue(s.hidden().sameBits(r.hidden()));
    GRU.Result one = first.run(x.pick(1, 1));
    assertTrue(one.output().sameBits(r.output().pick(1, 1)));
    assertTrue(one.hidden().sameBits(r.hidden().pick(1, 1)));
  }

  @Test
  void twoDirectionsAreTwoNetworks() {
    LSTM both =
        Module.in(DType.F64, () -> new LSTM(4, 3, RecurrentOptions.DEFAULT.bidirectional(true)));
    LSTM one = Module.in(DType.F64, () -> new LSTM(4, 3));
    one.namedParameters().forEach((name, p) -> p.set(named(both, name + "_reverse")));
    Tensor x = randn(5, 2, 4);
    LSTM.Result r = both.run(x);
    LSTM.Result back = one.run(x.flip(0));
    assertTrue(r.output().slice(2, 3, 6).sameBits(back.output().flip(0)));
    assertTrue(r.hidden().slice(0, 1, 2).sameBits(back.hidden()));
    assertTrue(r.cell().slice(0, 1, 2).sameBits(back.cell()));
  }

  /** Each sequence alone, cut to its length, gives what it gives in the batch. */
  @Test
  void paddingIsNotRead() {
    LSTM lstm = Module.in(DType.F64, () -> new LSTM(4, 3, BOTH.batchFirst(true)));
    int[] lengths = {6, 2, 0, 5};
    Tensor x = randn(4, 6, 4);
    Tensor mask = Masks.lengths(6, lengths);
    Tensor h = randn(4, 4, 3);
    Tensor c = h.mul(2);
    LSTM.Result all = lstm.run(x, mask, h, c);
    for (int i = 0; i < 4; i++) {
      int n = lengths[i];
      Tensor output = all.output().slice(0, i, i + 1);
      assertEquals(0, n == 6 ? 0 : output.slice(1, n, 6).abs().max().item());
      Tensor h0 = h.slice(1, i, i + 1);
      Tensor c0 = c.slice(1, i, i + 1);
      if (n == 0) {
        assertTrue(all.hidden().slice(1, i, i + 1).sameBits(h0));
        assertTrue(all.cell().slice(1, i, i + 1).sameBits(c0));
        continue;
      }
      LSTM.Result alone = lstm.run(x.slice(0, i, i + 1).slice(1, 0, n), null, h0, c0);
      assertTrue(output.slice(1, 0, n).sameBits(alone.output()));
      assertTrue(all.hidden().slice(1, i, i + 1).sameBits(alone.hidden()));
      assertTrue(all.cell().slice(1, i, i + 1).sameBits(alone.cell()));
    }
  }

  @Test
  void cellsAreSteps() {
    Tensor x = randn(3, 2, 4);
    LSTM lstm = Module.in(DType.F64, () -> new LSTM(4, 3));
    LSTMCell cell = Module.in(DType.F64, () -> new LSTMCell(4, 3));
    cell.namedParameters().forEach((name, p) -> p.set(named(lstm, name + "_l0")));
    Tensor h = Tensor.zeros(DType.F64, 2, 3);
    LSTMCell.Result r = new LSTMCell.Result(h, h);
    for (int t = 0; t < 3; t++) {
      r = cell.forward(x.pick(0, t), r.hidden(), r.cell());
    }
    LSTM.Result all = lstm.run(x);
    assertTrue(close(r.hidden(), all.hidden().pick(0, 0)));
    assertTrue(close(r.cell(), all.cell().pick(0, 0)));
    assertTrue(close(cell.forward(x.pick(0, 0)), lstm.forward(x).pick(0, 0)));

    GRU gru = Module.in(DType.F64, () -> new GRU(4, 3));
    GRUCell gated = Module.in(DType.F64, () -> new GRUCell(4, 3));
    gated.namedParameters().forEach((name, p) -> p.set(named(gru, name + "_l0")));
    Tensor two = gated.forward(x.pick(0, 1), gated.forward(x.pick(0, 0)));
    assertTrue(close(two, gru.forward(x).pick(0, 1)));
    assertEquals("3", gated.forward(x.pick(0, 1).pick(0, 1)).shape().toString());

    RNNCell plain = new RNNCell(4, 3, false, "relu");
    assertEquals(2, plain.parameters().size());
    assertTrue(plain.forward(Tensor.ones(2, 4), Tensor.ones(2, 3)).min().item() >= 0);
    var e =
        assertThrows(
            ShapeException.class, () -> plain.forward(Tensor.ones(2, 4), Tensor.ones(1, 3)));
    assertEquals("RNNCell: the state of an input 2×4 must be 2×3, got 1×3", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new RNNCell(4, 3, true, "gelu"));
  }

  @Test
  void dropoutStandsBetweenLayers() {
    LSTM lstm = new LSTM(4, 8, RecurrentOptions.DEFAULT.layers(2).dropout(0.5));
    Tensor x = Tensor.ones(3, 2, 4);
    assertFalse(lstm.forward(x).sameBits(lstm.forward(x)));
    lstm.eval();
    assertTrue(lstm.forward(x).sameBits(lstm.forward(x)));
    LSTM one = new LSTM(4, 8, RecurrentOptions.DEFAULT.dropout(0.5));
    assertTrue(one.forward(x).sameBits(one.forward(x)));
  }

  @Test
  void whatDoesNotFitIsSaidWithItsShapes() {
    LSTM lstm = new LSTM(4, 3, BOTH.batchFirst(true));
    var e = assertThrows(ShapeException.class, () -> lstm.forward(Tensor.ones(2, 5, 3)));
    assertEquals(
        "LSTM: needs sequences of N×T×4, none of size 0, or one of T×4, got 2×5×3", e.getMessage());
    assertThrows(ShapeException.class, () -> lstm.forward(Tensor.ones(2, 0, 4)));
    Tensor x = Tensor.ones(2, 5, 4);
    Tensor mask = Tensor.ones(5, 2);
    e = assertThrows(ShapeException.class, () -> lstm.run(x, mask, null, null));
    assertEquals("LSTM: the mask must be 2×5, got 5×2", e.getMessage());
    Tensor h = Tensor.ones(2, 2, 3);
    e = assertThrows(ShapeException.class, () -> lstm.run(x, null, h, h));
    assertEquals("LSTM: the initial hidden state must be 4×2×3, got 2×2×3", e.getMessage());
    var half = assertThrows(IllegalArgumentException.class, () -> lstm.run(x, null, h, null));
    assertEquals(
        "LSTM: give both the hidden and the cell state to start from, or none", half.getMessage());
    var word =
        assertThrows(
            IllegalArgumentException.class, () -> new RNN(4, 3, "sin", RecurrentOptions.DEFAULT));
    assertEquals("RNN: nonlinearity must be 'tanh' or 'relu', got 'sin'", word.getMessage());
    assertThrows(IllegalArgumentException.class, () -> BOTH.layers(0));
    var length = assertThrows(IllegalArgumentException.class, () -> Masks.lengths(4, 2, 5));
    assertEquals("Masks.lengths: the length 5 of sequence 1 is not in [0, 4]", length.getMessage());
  }

  @Test
  void gradients() {
    Tensor mask = Masks.lengths(DType.F64, 3, 3, 1).t();
    Tensor x = randn(3, 2, 2);
    Tensor h = randn(4, 2, 2);
    LSTM lstm = Module.in(DType.F64, () -> new LSTM(2, 2, BOTH));
    GRU gru = Module.in(DType.F64, () -> new GRU(2, 2, BOTH));
    RNN rnn = Module.in(DType.F64, () -> new RNN(2, 2, "tanh", BOTH));
    var report =
        GradCheck.check(
            in -> {
              LSTM.Result r = lstm.run(in.get(0), mask, in.get(1), in.get(2));
              return Tensor.cat(0, r.output().flatten(), r.hidden().flatten(), r.cell().flatten());
            },
            List.of(x, h, h.mul(0.5)));
    assertTrue(report.passed(), report::toString);
    for (Module m : List.of(gru, rnn)) {
      report = GradCheck.check(in -> m.forward(in.getFirst()), List.of(x));
      assertTrue(report.passed(), report::toString);
    }
  }

  @Test
  void everyWeightHasAGradient() {
    for (Module m : List.of(new LSTM(3, 4, BOTH), new GRU(3, 4, BOTH))) {
      m.forward(Tensor.ones(5, 2, 3)).square().sum().backward();
      for (Map.Entry<String, Parameter> p : m.namedParameters().entrySet()) {
        Tensor g = Objects.requireNonNull(p.getValue().grad());
        assertTrue(g.abs().max().item() > 0, p.getKey());
      }
    }
  }

  @Test
  void unrollingSharesWeights() {
    Linear f = Module.in(DType.F64, () -> new Linear(3, 3));
    Unroll three = new Unroll(f, 3);
    Tensor x = randn(2, 3);
    assertTrue(three.forward(x).sameBits(f.forward(f.forward(f.forward(x)))));
    assertEquals(12, three.parameterCount());
    assertThrows(IllegalArgumentException.class, () -> new Unroll(new Tanh(), 0));
  }

  @Test
  void sequencesAreClassifiedByTheirLastStepOrTheirMean() {
    Sequential model =
        new Sequential(
            new LSTM(3, 4, RecurrentOptions.DEFAULT.batchFirst(true)),
            new Select(1, -1),
            new Linear(4, 2));
    assertEquals("7×2", model.forward(Tensor.ones(7, 5, 3)).shape().toString());
    Tensor x = Tensor.of(new float[] {1, 2, 3, 6}, 1, 2, 2);
    assertEquals(2, new Mean(1).forward(x).get(0, 0));
    assertEquals(6, new Select(1, -1).forward(x).get(0, 1));
  }
}
