package chainrule.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.autograd.Autograd;
import chainrule.math.Philox;
import chainrule.nn.AttentionOptions;
import chainrule.nn.AvgPool2d;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.BatchNorm2d;
import chainrule.nn.CTCLoss;
import chainrule.nn.Conv1d;
import chainrule.nn.Conv2d;
import chainrule.nn.CrossEntropyLoss;
import chainrule.nn.Embedding;
import chainrule.nn.GRU;
import chainrule.nn.LSTM;
import chainrule.nn.Loss;
import chainrule.nn.Losses;
import chainrule.nn.Masks;
import chainrule.nn.MaxPool1d;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Module;
import chainrule.nn.MultiHeadAttention;
import chainrule.nn.MultiHeadAttention.Mask;
import chainrule.nn.RNN;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Where definitions meet their limits. Logits of ±1e4, rows that are all ignored, −∞ around pooled
 * numbers and sequences without labels are rows of the table; what must be refused, or is not
 * PyTorch's, stands here.
 */
class EdgesTest {
  private static Tensor randn(int... shape) {
    return Tensor.randn(DType.F64, new Philox(8, "x" + Arrays.toString(shape)), shape);
  }

  private static void assertZero(Tensor x) {
    assertThat(x.toDoubleArray()).containsOnly(0.0);
  }

  @Test
  void aQueryFromWhichAllKeysAreHiddenGivesZeroAndPassesNoGradient() {
    var options = AttentionOptions.DEFAULT.bias(false).batchFirst(true);
    MultiHeadAttention attention =
        Module.in(DType.F64, () -> new MultiHeadAttention(4, 2, options));
    Parameter x = randn(2, 3, 4).requiresGrad();
    Tensor keys = Tensor.of(new double[] {1, 0, 1, 0, 0, 0}, 2, 3);
    Tensor y = attention.forward(x, x, x, Mask.NONE.keys(keys));
    assertZero(y.pick(0, 1));
    assertThat(y.pick(0, 0).abs().min().item()).isPositive();
    Tensor g = Autograd.grad(y.square().add(y).sum(), x);
    assertZero(g.pick(0, 1));
    assertThat(g.pick(0, 0).abs().max().item()).isPositive();

    double hidden = Double.NEGATIVE_INFINITY;
    Tensor scores = Tensor.of(new double[] {0, 0, 0, hidden, hidden, hidden, 0, 1, 2}, 3, 3);
    Tensor z = attention.forward(x, x, x, Mask.NONE.scores(scores));
    assertZero(z.pick(1, 1));
    Tensor towards = Autograd.grad(z.sum(), x);
    assertThat(Arrays.stream(towards.toDoubleArray()).allMatch(Double::isFinite)).isTrue();
  }

  @Test
  void aBatchOfOneIsRefusedByBatchNormInTrainingOnly() {
    var layer = new BatchNorm1d(3);
    assertThatThrownBy(() -> layer.forward(Tensor.ones(1, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "BatchNorm1d: training needs more than one value per channel, got 1×3; use a larger"
                + " batch or eval()");
    assertThat(layer.eval().forward(Tensor.ones(1, 3)).shape()).hasToString("1×3");
    assertThatThrownBy(() -> new BatchNorm2d(2).forward(Tensor.ones(1, 2, 1, 1)))
        .hasMessageContaining("more than one value per channel");
    assertThat(new BatchNorm2d(2).forward(Tensor.ones(1, 2, 1, 2)).shape()).hasToString("1×2×1×2");
  }

  @Test
  void aBatchOfIgnoredRowsHasNoMeanAndNoGradient() {
    Parameter logits = randn(2, 3).requiresGrad();
    Tensor labels = Tensor.of(new int[] {-100, -100}, 2);
    Tensor loss = new CrossEntropyLoss().of(logits, labels);
    assertThat(loss.item()).isNaN();
    assertZero(Autograd.grad(loss, logits));
  }

  @Test
  void whatIsSmallerThanTheKernelIsRefused() {
    for (Module layer :
        List.of(
            new Conv2d(1, 1, 3),
            new MaxPool2d(3),
            new AvgPool2d(3),
            new Conv1d(1, 1, 3),
            new MaxPool1d(3))) {
      boolean line = layer instanceof Conv1d || layer instanceof MaxPool1d;
      Tensor x = line ? Tensor.ones(1, 1, 2) : Tensor.ones(1, 1, 2, 5);
      assertThatThrownBy(() -> layer.forward(x))
          .as(layer.toString())
          .isInstanceOf(ShapeException.class)
          .hasMessageMatching("(?s).*3.*2.*");
    }
  }

  @Test
  void aSequenceOfLengthZeroKeepsItsStateAndShowsNothing() {
    Tensor x = randn(3, 2, 2);
    Tensor h = randn(1, 2, 4);
    Tensor mask = Masks.lengths(DType.F64, 3, 0, 2).t();
    LSTM lstm = Module.in(DType.F64, () -> new LSTM(2, 4));
    LSTM.Result r = lstm.run(x, mask, h, h.mul(2));
    assertZero(r.output().pick(1, 0));
    assertThat(r.hidden().pick(1, 0).sameBits(h.pick(1, 0))).isTrue();
    assertThat(r.cell().pick(1, 0).sameBits(h.mul(2).pick(1, 0))).isTrue();
    assertThat(r.hidden().pick(1, 1).sameBits(r.output().pick(0, 1).pick(0, 1).unsqueeze(0)))
        .as("the state after the last step that counts")
        .isTrue();

    Parameter start = h.requiresGrad();
    GRU gru = Module.in(DType.F64, () -> new GRU(2, 4));
    GRU.Result g = gru.run(x, mask, start);
    Tensor slope = Autograd.grad(g.hidden().pick(1, 0).sum(), start);
    assertThat(slope.pick(1, 0).toDoubleArray()).containsOnly(1.0);
    assertZero(slope.pick(1, 1));

    for (Module network : List.of(new RNN(2, 4), new LSTM(2, 4), new GRU(2, 4))) {
      assertThatThrownBy(() -> network.forward(Tensor.zeros(0, 2, 2)))
          .as("no steps at all, as PyTorch has it")
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("none of size 0");
    }
  }

  @Test
  void aLabelOutOfRangeIsNamed() {
    Tensor scores = Tensor.zeros(2, 3);
    for (Loss loss : List.<Loss>of(Losses::crossEntropy, Losses::nll, Losses::multiMargin)) {
      for (int wrong : new int[] {3, -1}) {
        Tensor labels = Tensor.of(new int[] {0, wrong}, 2);
        assertThatThrownBy(() -> loss.of(scores, labels))
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessageContaining("row 1 has label " + wrong)
            .hasMessageContaining("there are 3 classes, 0 to 2");
      }
    }
    assertThatThrownBy(() -> new Embedding(3, 2).forward(Tensor.of(new int[] {3}, 1)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("3");
    assertThatThrownBy(
            () ->
                new CTCLoss()
                    .of(
                        Tensor.zeros(4, 1, 3),
                        Tensor.of(new int[] {1, 3}, 1, 2),
                        new int[] {4},
                        new int[] {2}))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("label 3");
  }
}
