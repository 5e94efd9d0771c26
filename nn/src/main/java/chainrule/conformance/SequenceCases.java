package chainrule.conformance;

import chainrule.nn.AttentionOptions;
import chainrule.nn.GRU;
import chainrule.nn.GRUCell;
import chainrule.nn.LSTM;
import chainrule.nn.LSTMCell;
import chainrule.nn.LearnedPositions;
import chainrule.nn.Masks;
import chainrule.nn.Mean;
import chainrule.nn.Module;
import chainrule.nn.MultiHeadAttention;
import chainrule.nn.MultiHeadAttention.Mask;
import chainrule.nn.RNN;
import chainrule.nn.RNNCell;
import chainrule.nn.RecurrentOptions;
import chainrule.nn.Select;
import chainrule.nn.SinusoidalPositions;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Recurrent networks, attention, transformers, positions. */
final class SequenceCases {
  private final List<Case> cases = new ArrayList<>();

  private SequenceCases() {}

  static List<Case> all() {
    var cases = new SequenceCases();
    cases.networks(LSTM.class, SequenceCases::lstm, options -> new LSTM(3, 2, options));
    cases.networks(GRU.class, SequenceCases::gru, options -> new GRU(3, 2, options));
    cases.networks(RNN.class, SequenceCases::rnn, options -> new RNN(3, 2, "tanh", options));
    cases.narrow();
    cases.cells();
    cases.attention();
    cases.transformers();
    cases.positions();
    return cases.cases;
  }

  private void add(
      Class<? extends Module> type,
      String name,
      Supplier<? extends Module> build,
      FunctionCase.Call call) {
    cases.add(LayerCases.layer(type, name, build, call));
  }

  private void add(Class<? extends Module> type, String name, Supplier<? extends Module> build) {
    cases.add(LayerCases.layer(type, name, build));
  }

  private static Tensor get(Map<String, Tensor> in, String name) {
    return Objects.requireNonNull(in.get(name), name);
  }

  // ---------------------------------------------------------------- recurrent networks

  /** 1 where a sequence goes on, N×T or T×N; null if the fixture has no lengths. */
  private static @Nullable Tensor mask(Map<String, Tensor> in, RecurrentOptions options) {
    Tensor lengths = in.get("lengths");
    if (lengths == null) {
      return null;
    }
    Tensor x = get(in, "x");
    int steps = x.size(options.batchFirst() ? 1 : 0);
    Tensor mask = Masks.lengths(x.dtype(), steps, lengths.toIntArray());
    return options.batchFirst() ? mask : mask.t();
  }

  private static List<Tensor> lstm(Module m, Map<String, Tensor> in) {
    var lstm = (LSTM) m;
    LSTM.Result r = lstm.run(get(in, "x"), mask(in, lstm.options()), in.get("h"), in.get("c"));
    return List.of(r.output(), r.hidden(), r.cell());
  }

  private static List<Tensor> gru(Module m, Map<String, Tensor> in) {
    var gru = (GRU) m;
    GRU.Result r = gru.run(get(in, "x"), mask(in, gru.options()), in.get("h"));
    return List.of(r.output(), r.hidden());
  }

  private static List<Tensor> rnn(Module m, Map<String, Tensor> in) {
    var rnn = (RNN) m;
    RNN.Result r = rnn.run(get(in, "x"), mask(in, rnn.options()), in.get("h"));
    return List.of(r.output(), r.hidden());
  }

  private void networks(
      Class<? extends Module> type,
      FunctionCase.Call call,
      Function<RecurrentOptions, Module> build) {
    var plain = RecurrentOptions.DEFAULT;
    var deep = plain.layers(2).bidirectional(true);
    add(type, "plain", () -> build.apply(plain), call);
    add(type, "two layers, both directions, states", () -> build.apply(deep), call);
    add(type, "lengths", () -> build.apply(deep), call);
  }

  /** Those with other widths than the rest. */
  private void narrow() {
    var bare = RecurrentOptions.DEFAULT.bias(false).batchFirst(true);
    var plain = RecurrentOptions.DEFAULT;
    var first = plain.batchFirst(true);
    var dropped = plain.layers(2).dropout(1);
    String noBias = "no bias, batch first";
    add(LSTM.class, noBias, () -> new LSTM(2, 3, bare), SequenceCases::lstm);
    add(GRU.class, noBias, () -> new GRU(2, 3, bare), SequenceCases::gru);
    add(RNN.class, noBias, () -> new RNN(2, 3, "tanh", bare), SequenceCases::rnn);
    add(LSTM.class, "one sequence", () -> new LSTM(2, 2), SequenceCases::lstm);
    add(GRU.class, "one sequence", () -> new GRU(2, 2), SequenceCases::gru);
    add(RNN.class, "one sequence", () -> new RNN(2, 2), SequenceCases::rnn);
    String lengths = "lengths, batch first";
    add(LSTM.class, lengths, () -> new LSTM(2, 2, first), SequenceCases::lstm);
    add(GRU.class, lengths, () -> new GRU(2, 2, first), SequenceCases::gru);
    add(RNN.class, lengths, () -> new RNN(2, 2, "tanh", first), SequenceCases::rnn);
    String nothing = "everything dropped";
    add(LSTM.class, nothing, () -> new LSTM(2, 2, dropped), SequenceCases::lstm);
    add(GRU.class, nothing, () -> new GRU(2, 2, dropped), SequenceCases::gru);
    add(RNN.class, nothing, () -> new RNN(2, 2, "tanh", dropped), SequenceCases::rnn);
    add(RNN.class, "relu", () -> new RNN(3, 2, "relu", plain), SequenceCases::rnn);
  }

  private void cells() {
    FunctionCase.Call lstm =
        (m, in) -> {
          LSTMCell.Result r = ((LSTMCell) m).forward(get(in, "x"), get(in, "h"), get(in, "c"));
          return List.of(r.hidden(), r.cell());
        };
    FunctionCase.Call gru = (m, in) -> List.of(((GRUCell) m).forward(get(in, "x"), get(in, "h")));
    FunctionCase.Call rnn = (m, in) -> List.of(((RNNCell) m).forward(get(in, "x"), get(in, "h")));
    String bare = "no bias, one row";
    add(LSTMCell.class, "plain", () -> new LSTMCell(3, 2), lstm);
    add(LSTMCell.class, bare, () -> new LSTMCell(2, 3, false), lstm);
    add(GRUCell.class, "plain", () -> new GRUCell(3, 2), gru);
    add(GRUCell.class, bare, () -> new GRUCell(2, 3, false), gru);
    add(RNNCell.class, "plain", () -> new RNNCell(3, 2), rnn);
    add(RNNCell.class, bare, () -> new RNNCell(2, 3, false, "tanh"), rnn);
    add(RNNCell.class, "relu, states", () -> new RNNCell(3, 2, true, "relu"), rnn);
  }

  // ---------------------------------------------------------------- attention

  /** What the fixture hides, in the element type of its x. */
  private static Mask hidden(Map<String, Tensor> in) {
    Tensor keys = in.get("keys");
    Tensor scores = in.get("fixed_scores");
    Mask mask = Mask.NONE;
    mask = keys == null ? mask : mask.keys(keys.to(get(in, "x").dtype()));
    return scores == null ? mask : mask.scores(scores);
  }

  private void attention() {
    Class<MultiHeadAttention> type = MultiHeadAttention.class;
    var plain = AttentionOptions.DEFAULT;
    FunctionCase.Call masked =
        (m, in) -> {
          Tensor x = get(in, "x");
          return List.of(((MultiHeadAttention) m).forward(x, x, x, hidden(in)));
        };
    add(type, "plain", () -> new MultiHeadAttention(4, 2));
    add(
        type,
        "no bias, batch first",
        () -> new MultiHeadAttention(6, 3, plain.bias(false).batchFirst(true)));
    add(
        type,
        "cross, widths",
        () -> new MultiHeadAttention(4, 2, plain.widths(3, 5)),
        (m, in) ->
            List.of(((MultiHeadAttention) m).forward(get(in, "q"), get(in, "k"), get(in, "v"))));
    add(type, "hidden keys", () -> new MultiHeadAttention(4, 2), masked);
    add(type, "scores", () -> new MultiHeadAttention(4, 1), masked);
    add(type, "causal", () -> new MultiHeadAttention(4, 2, plain.causal(true)));
    add(type, "everything dropped", () -> new MultiHeadAttention(4, 2, plain.dropout(1)));
  }

  private void transformers() {
    Class<TransformerBlock> type = TransformerBlock.class;
    var plain = TransformerOptions.DEFAULT.dropout(0).feedForward(6);
    FunctionCase.Call masked =
        (m, in) -> List.of(((TransformerBlock) m).forward(get(in, "x"), hidden(in)));
    FunctionCase.Call cross =
        (m, in) -> List.of(((TransformerBlock) m).forward(get(in, "x"), get(in, "memory")));
    FunctionCase.Call crossMasked =
        (m, in) ->
            List.of(
                ((TransformerBlock) m)
                    .forward(get(in, "x"), get(in, "memory"), Mask.NONE, hidden(in)));
    add(type, "post-norm", () -> new TransformerBlock(4, 2, plain));
    add(
        type,
        "pre-norm, gelu",
        () ->
            new TransformerBlock(
                6,
                3,
                plain
                    .feedForward(5)
                    .activation("gelu")
                    .eps(1e-2)
                    .normFirst(true)
                    .batchFirst(true)));
    add(type, "causal", () -> new TransformerBlock(4, 2, plain.causal(true)));
    add(type, "hidden keys", () -> new TransformerBlock(4, 2, plain), masked);
    add(type, "everything dropped", () -> new TransformerBlock(4, 2, plain.dropout(1)));
    add(
        type,
        "cross, post-norm, causal",
        () -> new TransformerBlock(4, 2, plain.activation("gelu").cross(true).causal(true)),
        cross);
    add(
        type,
        "cross, pre-norm, hidden keys",
        () ->
            new TransformerBlock(
                4, 2, plain.activation("gelu").cross(true).normFirst(true).batchFirst(true)),
        crossMasked);
  }

  private void positions() {
    add(LearnedPositions.class, "plain", () -> new LearnedPositions(5, 3));
    add(LearnedPositions.class, "batch first", () -> new LearnedPositions(4, 2, true));
    add(SinusoidalPositions.class, "plain", () -> new SinusoidalPositions(4));
    add(SinusoidalPositions.class, "batch first, odd", () -> new SinusoidalPositions(5, true));
    add(Mean.class, "steps", () -> new Mean(0));
    add(Mean.class, "last", () -> new Mean(-1));
    add(Select.class, "last step", () -> new Select(0, -1));
    add(Select.class, "of dimension 1", () -> new Select(1, 1));
  }
}
