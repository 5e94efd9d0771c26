package chainrule.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.nn.AdaptiveAvgPool2d;
import chainrule.nn.AttentionOptions;
import chainrule.nn.AvgPool1d;
import chainrule.nn.AvgPool2d;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.BatchNorm2d;
import chainrule.nn.Bilinear;
import chainrule.nn.CELU;
import chainrule.nn.Concat;
import chainrule.nn.Conv1d;
import chainrule.nn.Conv2d;
import chainrule.nn.ConvTranspose2d;
import chainrule.nn.Dropout;
import chainrule.nn.ELU;
import chainrule.nn.Embedding;
import chainrule.nn.Flatten;
import chainrule.nn.FlattenConsecutive;
import chainrule.nn.GELU;
import chainrule.nn.GLU;
import chainrule.nn.GRU;
import chainrule.nn.GRUCell;
import chainrule.nn.GroupNorm;
import chainrule.nn.Hardshrink;
import chainrule.nn.Hardsigmoid;
import chainrule.nn.Hardswish;
import chainrule.nn.Hardtanh;
import chainrule.nn.Identity;
import chainrule.nn.InstanceNorm1d;
import chainrule.nn.InstanceNorm2d;
import chainrule.nn.LSTM;
import chainrule.nn.LSTMCell;
import chainrule.nn.Lambda;
import chainrule.nn.LayerNorm;
import chainrule.nn.LeakyReLU;
import chainrule.nn.LearnedPositions;
import chainrule.nn.Linear;
import chainrule.nn.LogSigmoid;
import chainrule.nn.LogSoftmax;
import chainrule.nn.Losses;
import chainrule.nn.MaxPool1d;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Mean;
import chainrule.nn.Mish;
import chainrule.nn.Module;
import chainrule.nn.MultiHeadAttention;
import chainrule.nn.PReLU;
import chainrule.nn.Parallel;
import chainrule.nn.RMSNorm;
import chainrule.nn.RNN;
import chainrule.nn.RNNCell;
import chainrule.nn.ReLU;
import chainrule.nn.ReLU6;
import chainrule.nn.RecurrentOptions;
import chainrule.nn.Residual;
import chainrule.nn.SELU;
import chainrule.nn.Select;
import chainrule.nn.Sequential;
import chainrule.nn.SiLU;
import chainrule.nn.Sigmoid;
import chainrule.nn.SinusoidalPositions;
import chainrule.nn.Softmax;
import chainrule.nn.Softmin;
import chainrule.nn.Softplus;
import chainrule.nn.Softshrink;
import chainrule.nn.Softsign;
import chainrule.nn.Tanh;
import chainrule.nn.Tanhshrink;
import chainrule.nn.Threshold;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.nn.Unflatten;
import chainrule.nn.Unroll;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import chainrule.tensor.Window1d;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One network of every layer that there is, held to differences. */
class WholeNetworkTest {
  private static final int E = 3;

  /** Images and words to two classes, by way of everything. */
  private static final class Everything extends Module {
    /** N×2×4×4 to N×3. */
    private final Module images =
        child(
            "images",
            new Sequential(
                new Conv2d(2, 2, 3, Conv2dOptions.DEFAULT.padding(1)),
                new BatchNorm2d(2),
                new MaxPool2d(Window.of(2)),
                new GroupNorm(1, 2),
                new ConvTranspose2d(2, 2, 2),
                new InstanceNorm2d(2),
                new AvgPool2d(Window.of(2), true),
                new AdaptiveAvgPool2d(2, 4),
                new Flatten(2),
                new Conv1d(2, 2, 2),
                new BatchNorm1d(2),
                new InstanceNorm1d(2),
                new MaxPool1d(Window1d.of(2)),
                new AvgPool1d(Window1d.of(2), true),
                new Flatten(),
                new Unflatten(1, 2, 5),
                new Lambda(x -> x.permute(0, 2, 1)),
                new Mean(1),
                new Linear(2, E)));

    private final Module activations =
        child(
            "activations",
            new Sequential(
                new Concat(
                    -1,
                    new Sequential(new Linear(E, 2 * E), new GLU()),
                    new CELU(),
                    new ELU(),
                    new GELU(),
                    new Hardshrink(),
                    new Hardsigmoid(),
                    new Hardswish(),
                    new Hardtanh(),
                    new LeakyReLU(),
                    new LogSigmoid(),
                    new LogSoftmax(-1),
                    new Mish(),
                    new PReLU(),
                    new ReLU(),
                    new ReLU6(),
                    new SELU(),
                    new SiLU(),
                    new Sigmoid(),
                    new Softmax(-1),
                    new Softmin(-1),
                    new Softplus(),
                    new Softshrink(),
                    new Softsign(),
                    new Tanh(),
                    new Tanhshrink(),
                    new Threshold(0.1, -0.2)),
                new Dropout(0.2),
                new Unflatten(1, 26, E),
                new Lambda(x -> x.sum(1))));

    private final Embedding words = child("words", new Embedding(4, E));
    private static final RecurrentOptions FIRST = RecurrentOptions.DEFAULT.batchFirst(true);

    /** N×4×3 to N×3. */
    private final Module sentences =
        child(
            "sentences",
            new Sequential(
                new LearnedPositions(4, E, true),
                new SinusoidalPositions(E, true),
                new Residual(
                    new MultiHeadAttention(E, 1, AttentionOptions.DEFAULT.batchFirst(true))),
                new TransformerBlock(
                    E,
                    3,
                    TransformerOptions.DEFAULT.feedForward(2).batchFirst(true).activation("gelu")),
                new LSTM(E, E, FIRST),
                new GRU(E, E, FIRST),
                new RNN(E, E, "tanh", FIRST),
                new FlattenConsecutive(2),
                new Linear(2 * E, E),
                new Unroll(new RMSNorm(E), 2),
                new Parallel(new Mean(1), new Select(1, -1)),
                new LayerNorm(E),
                new Unroll(new Linear(E, E), 2),
                new Identity()));

    private final LSTMCell lstm = child("lstm", new LSTMCell(E, E));
    private final GRUCell gru = child("gru", new GRUCell(E, E));
    private final RNNCell rnn = child("rnn", new RNNCell(E, E));
    private final Bilinear both = child("both", new Bilinear(E, E, 2));

    Tensor forward(Tensor x, Tensor w) {
      Tensor a = activations.forward(images.forward(x));
      Tensor b = sentences.forward(words.forward(w));
      LSTMCell.Result state = lstm.forward(a, b, a);
      Tensor h = rnn.forward(gru.forward(state.hidden(), state.cell()), b);
      return both.forward(h, a);
    }

    @Override
    protected Tensor compute(Tensor x) {
      return forward(x, Tensor.of(new int[x.size(0) * 4], x.size(0), 4));
    }
  }

  @Test
  void theGradientOfEverythingIsThatOfDifferences() {
    Everything net = Module.in(DType.F64, Everything::new);
    net.init(3);
    assertThat(
            net.namedModules().values().stream()
                .map(m -> m.getClass().getSimpleName())
                .collect(Collectors.toSet()))
        .as("the network has every layer")
        .containsAll(Conformance.subjects(Kind.LAYER));

    var x = Tensor.randn(DType.F64, new Philox(1, "x"), 2, 2, 4, 4).requiresGrad();
    Tensor w = Tensor.of(new int[] {0, 1, 3, 2, 2, 0, 1, 1}, 2, 4);
    Tensor labels = Tensor.of(new int[] {1, 0}, 2);
    List<Parameter> moved = new ArrayList<>(List.of(x));
    moved.addAll(net.parameters());
    GradCheck.Report report =
        GradCheck.check(
            () -> Losses.crossEntropy(net.forward(x, w), labels), moved, GradCheck.Options.DEFAULT);
    assertThat(report.passed()).as(report.toString()).isTrue();
    assertThat(report.worst2()).isNotNull();
  }
}
