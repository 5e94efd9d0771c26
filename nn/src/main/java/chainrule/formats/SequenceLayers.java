package chainrule.formats;

import chainrule.nn.AttentionOptions;
import chainrule.nn.GRU;
import chainrule.nn.GRUCell;
import chainrule.nn.LSTM;
import chainrule.nn.LSTMCell;
import chainrule.nn.LearnedPositions;
import chainrule.nn.Mean;
import chainrule.nn.Module;
import chainrule.nn.MultiHeadAttention;
import chainrule.nn.RNN;
import chainrule.nn.RNNCell;
import chainrule.nn.RecurrentOptions;
import chainrule.nn.Select;
import chainrule.nn.SinusoidalPositions;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.nn.Unroll;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The layers of sequences that a model file may name. */
final class SequenceLayers {
  private static final Set<String> RECURRENT =
      Set.of("in", "hidden", "layers", "bidirectional", "batchFirst", "dropout", "bias");
  private static final Set<String> CELL = Set.of("in", "hidden", "bias");

  private SequenceLayers() {}

  /** Builds a layer from its options. */
  private interface Built {
    Module of(Config config);
  }

  static void add() {
    recurrent(
        RNN.class,
        1,
        with(RECURRENT, "nonlinearity"),
        c -> new RNN(c.size("in"), c.size("hidden"), c.text("nonlinearity"), recurrentOptions(c)));
    recurrent(
        LSTM.class,
        4,
        RECURRENT,
        c -> new LSTM(c.size("in"), c.size("hidden"), recurrentOptions(c)));
    recurrent(
        GRU.class, 3, RECURRENT, c -> new GRU(c.size("in"), c.size("hidden"), recurrentOptions(c)));
    cell(
        RNNCell.class,
        1,
        with(CELL, "nonlinearity"),
        c -> new RNNCell(c.size("in"), c.size("hidden"), c.bool("bias"), c.text("nonlinearity")));
    cell(
        LSTMCell.class, 4, CELL, c -> new LSTMCell(c.size("in"), c.size("hidden"), c.bool("bias")));
    cell(GRUCell.class, 3, CELL, c -> new GRUCell(c.size("in"), c.size("hidden"), c.bool("bias")));
    Layers.add(
        MultiHeadAttention.class,
        Set.of(
            "width", "heads", "keyWidth", "valueWidth", "dropout", "bias", "batchFirst", "causal"),
        Layers.Children.OWN,
        c -> {
          int width = c.size("width");
          int key = c.whole("keyWidth", 0);
          int value = c.whole("valueWidth", 0);
          return attention(
              c, "", key == 0 ? width : key, value == 0 ? width : value, c.bool("bias"));
        },
        (c, children) -> new MultiHeadAttention(c.size("width"), c.size("heads"), attention(c)));
    Layers.add(
        TransformerBlock.class,
        Set.of(
            "width",
            "heads",
            "feedForward",
            "dropout",
            "activation",
            "eps",
            "batchFirst",
            "normFirst",
            "causal",
            "cross"),
        Layers.Children.OWN,
        SequenceLayers::block,
        (c, children) -> new TransformerBlock(c.size("width"), c.size("heads"), transformer(c)));
    Layers.add(
        LearnedPositions.class,
        Set.of("length", "width", "batchFirst"),
        Layers.Children.NONE,
        c -> Map.of("weight", new int[] {c.size("length"), c.size("width")}),
        (c, children) ->
            new LearnedPositions(c.size("length"), c.size("width"), c.bool("batchFirst")));
    without(
        SinusoidalPositions.class,
        Set.of("width", "batchFirst"),
        c -> new SinusoidalPositions(c.size("width"), c.bool("batchFirst")));
    without(Select.class, Set.of("dim", "index"), c -> new Select(c.dim("dim"), c.index("index")));
    Layers.add(
        Unroll.class,
        Set.of("times"),
        Layers.Children.BODY,
        c -> Map.of(),
        (c, children) -> new Unroll(c.only(children), c.few("times")));
    without(Mean.class, Set.of("dim"), c -> new Mean(c.dim("dim")));
  }

  private static Set<String> with(Set<String> options, String more) {
    Set<String> all = new LinkedHashSet<>(options);
    all.add(more);
    return all;
  }

  private static void recurrent(
      Class<? extends Module> type, int gates, Set<String> options, Built build) {
    Layers.add(
        type, options, Layers.Children.OWN, c -> recurrent(c, gates), (c, children) -> build.of(c));
  }

  private static void cell(
      Class<? extends Module> type, int gates, Set<String> options, Built build) {
    Layers.add(
        type,
        options,
        Layers.Children.NONE,
        c -> {
          Map<String, int[]> shapes = new LinkedHashMap<>();
          weights(shapes, c, gates, "", c.size("in"));
          return shapes;
        },
        (c, children) -> build.of(c));
  }

  private static void without(Class<? extends Module> type, Set<String> options, Built build) {
    Layers.add(type, options, Layers.Children.NONE, c -> Map.of(), (c, children) -> build.of(c));
  }

  private static RecurrentOptions recurrentOptions(Config c) {
    return new RecurrentOptions(
        c.few("layers"),
        c.bool("bidirectional"),
        c.bool("batchFirst"),
        c.number("dropout"),
        c.bool("bias"));
  }

  private static Map<String, int[]> recurrent(Config c, int gates) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    List<String> directions = c.bool("bidirectional") ? List.of("", "_reverse") : List.of("");
    int width = c.size("in");
    for (int layer = 0; layer < c.few("layers"); layer++) {
      for (String direction : directions) {
        weights(shapes, c, gates, "_l" + layer + direction, width);
      }
      width = c.times(directions.size(), c.size("hidden"));
    }
    return shapes;
  }

  private static void weights(
      Map<String, int[]> shapes, Config c, int gates, String suffix, int width) {
    int hidden = c.size("hidden");
    int rows = c.times(gates, hidden);
    shapes.put("weight_ih" + suffix, new int[] {rows, width});
    shapes.put("weight_hh" + suffix, new int[] {rows, hidden});
    if (c.bool("bias")) {
      shapes.put("bias_ih" + suffix, new int[] {rows});
      shapes.put("bias_hh" + suffix, new int[] {rows});
    }
  }

  private static AttentionOptions attention(Config c) {
    return new AttentionOptions(
        c.whole("keyWidth", 0),
        c.whole("valueWidth", 0),
        c.number("dropout"),
        c.bool("bias"),
        c.bool("batchFirst"),
        c.bool("causal"));
  }

  private static Map<String, int[]> attention(
      Config c, String prefix, int keyWidth, int valueWidth, boolean bias) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    int width = c.size("width");
    int three = c.times(3, width);
    if (keyWidth == width && valueWidth == width) {
      shapes.put(prefix + "in_proj_weight", new int[] {three, width});
    } else {
      shapes.put(prefix + "q_proj_weight", new int[] {width, width});
      shapes.put(prefix + "k_proj_weight", new int[] {width, keyWidth});
      shapes.put(prefix + "v_proj_weight", new int[] {width, valueWidth});
    }
    if (bias) {
      shapes.put(prefix + "in_proj_bias", new int[] {three});
    }
    shapes.put(prefix + "out_proj.weight", new int[] {width, width});
    if (bias) {
      shapes.put(prefix + "out_proj.bias", new int[] {width});
    }
    return shapes;
  }

  private static TransformerOptions transformer(Config c) {
    return new TransformerOptions(
        c.size("feedForward"),
        c.number("dropout"),
        c.text("activation"),
        c.number("eps"),
        c.bool("batchFirst"),
        c.bool("normFirst"),
        c.bool("causal"),
        c.bool("cross"));
  }

  private static Map<String, int[]> block(Config c) {
    int width = c.size("width");
    int wide = c.size("feedForward");
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.putAll(attention(c, "self_attn.", width, width, true));
    if (c.bool("cross")) {
      shapes.putAll(attention(c, "multihead_attn.", width, width, true));
    }
    shapes.put("linear1.weight", new int[] {wide, width});
    shapes.put("linear1.bias", new int[] {wide});
    shapes.put("linear2.weight", new int[] {width, wide});
    shapes.put("linear2.bias", new int[] {width});
    for (int norm = 1; norm <= (c.bool("cross") ? 3 : 2); norm++) {
      shapes.put("norm" + norm + ".weight", new int[] {width});
      shapes.put("norm" + norm + ".bias", new int[] {width});
    }
    return shapes;
  }
}
