package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.Recurrence;
import chainrule.tensor.Recurrence.Cell;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RNN}, {@link LSTM} and {@link GRU} have in common: layers of recurrent units that
 * read a sequence in one or two directions.
 *
 * <p>For layer k and direction (none or {@code _reverse}) the parameters are {@code weight_ih_lk},
 * GH×in, {@code weight_hh_lk}, GH×H, {@code bias_ih_lk} and {@code bias_hh_lk}, GH, with G gates of
 * H units in PyTorch's order; all start from U(−1/√H, 1/√H).
 */
abstract sealed class Recurrent extends Module permits RNN, LSTM, GRU {
  private final Cell cell;
  private final int in;
  private final int hidden;
  private final RecurrentOptions options;
  private final List<Weights> weights = new ArrayList<>();
  private final @Nullable Dropout dropout;

  /** The weights of one direction of one layer, or of a cell. */
  record Weights(
      Parameter ih, Parameter hh, @Nullable Parameter biasIh, @Nullable Parameter biasHh) {}

  /**
   * What a walk gives.
   *
   * @param output the last layer's hidden states, of the sequence's layout
   * @param states the states after the last step, each LD×N×H
   */
  record Walk(Tensor output, List<Tensor> states) {}

  Recurrent(Cell cell, int in, int hidden, RecurrentOptions options) {
    Checks.positive(type(), "in", in);
    Checks.positive(type(), "hidden", hidden);
    this.cell = cell;
    this.in = in;
    this.hidden = hidden;
    this.options = options;
    int directions = options.directions();
    for (int layer = 0; layer < options.layers(); layer++) {
      int width = layer == 0 ? in : directions * hidden;
      for (int d = 0; d < directions; d++) {
        weights.add(weights(cell, "_l" + layer + (d == 0 ? "" : "_reverse"), width, hidden));
      }
    }
    boolean drops = options.dropout() > 0 && options.layers() > 1;
    this.dropout = drops ? child("dropout", new Dropout(options.dropout())) : null;
  }

  private Weights weights(Cell cell, String suffix, int width, int units) {
    double bound = 1 / Math.sqrt(units);
    Init init = Inits.uniform(-bound, bound);
    int rows = cell.gates() * units;
    Parameter ih = param("weight_ih" + suffix, init, rows, width);
    Parameter hh = param("weight_hh" + suffix, init, rows, units);
    return options.bias()
        ? new Weights(
            ih, hh, param("bias_ih" + suffix, init, rows), param("bias_hh" + suffix, init, rows))
        : new Weights(ih, hh, null, null);
  }

  /** The options. */
  public final RecurrentOptions options() {
    return options;
  }

  @Override
  protected final Tensor compute(Tensor x) {
    return walk(x, null, List.of()).output;
  }

  /**
   * Reads a sequence.
   *
   * @param x T×N×in, or N×T×in if batch first, or one sequence of T×in
   * @param mask T×N, or N×T if batch first, or T: 0 where a sequence has ended; null for nowhere
   * @param initial the states to start from, each LD×N×H, or LD×H for one sequence; none for zeros
   */
  final Walk walk(Tensor x, @Nullable Tensor mask, List<Tensor> initial) {
    if (x.rank() != 2 && x.rank() != 3 || x.size(-1) != in || x.size(0) == 0 || x.size(1) == 0) {
      throw new ShapeException(
          "%s: needs sequences of %s×%d, none of size 0, or one of T×%d, got %s"
              .formatted(label(), options.batchFirst() ? "N×T" : "T×N", in, in, x.shape()));
    }
    boolean single = x.rank() == 2;
    boolean turn = !single && options.batchFirst();
    Tensor sequence = single ? x.unsqueeze(1) : turn ? x.transpose(0, 1) : x;
    Tensor live = null;
    if (mask != null) {
      checkShape("mask", mask, x.shape().without(-1));
      live = single ? mask.unsqueeze(1) : turn ? mask.t() : mask;
      live = live.to(x.dtype());
    }
    List<Tensor> first = start(sequence, initial, single);
    Walk walk = layers(sequence, live, first);
    Tensor output = walk.output;
    return single
        ? new Walk(output.squeeze(1), walk.states.stream().map(s -> s.squeeze(1)).toList())
        : new Walk(turn ? output.transpose(0, 1) : output, walk.states);
  }

  private void checkShape(String what, Tensor x, Shape shape) {
    if (!x.shape().equals(shape)) {
      throw new ShapeException(
          "%s: the %s must be %s, got %s".formatted(label(), what, shape, x.shape()));
    }
  }

  private List<Tensor> start(Tensor sequence, List<Tensor> initial, boolean single) {
    int batch = sequence.size(1);
    int count = options.layers() * options.directions();
    List<Tensor> out = new ArrayList<>();
    for (int k = 0; k < cell.states(); k++) {
      if (initial.isEmpty()) {
        out.add(Tensor.zeros(sequence.dtype(), count, batch, hidden));
      } else {
        Tensor given = initial.get(k);
        checkShape(
            k == 0 ? "initial hidden state" : "initial cell state",
            given,
            single ? Shape.of(count, hidden) : Shape.of(count, batch, hidden));
        out.add(single ? given.unsqueeze(1) : given);
      }
    }
    return out;
  }

  private Walk layers(Tensor sequence, @Nullable Tensor mask, List<Tensor> first) {
    int steps = sequence.size(0);
    int directions = options.directions();
    Tensor y = sequence;
    List<List<Tensor>> last = new ArrayList<>();
    for (int k = 0; k < cell.states(); k++) {
      last.add(new ArrayList<>());
    }
    for (int layer = 0; layer < options.layers(); layer++) {
      Tensor[] outputs = new Tensor[directions];
      for (int d = 0; d < directions; d++) {
        int at = layer * directions + d;
        List<Tensor> start = first.stream().map(s -> s.pick(0, at)).toList();
        Tensor states = states(cell, weights.get(at), y, d == 1, mask, start);
        int end = d == 1 ? 0 : steps - 1;
        Tensor ended = states.slice(1, end, end + 1);
        for (int k = 0; k < cell.states(); k++) {
          last.get(k).add(ended.pick(0, k).squeeze(0));
        }
        outputs[d] = states.pick(0, 0);
      }
      y = directions == 1 ? outputs[0] : Tensor.cat(2, outputs);
      if (mask != null) {
        y = mask.unsqueeze(2).select(y, y.constant(0));
      }
      if (dropout != null && layer < options.layers() - 1) {
        y = dropout.forward(y);
      }
    }
    return new Walk(y, last.stream().map(s -> Tensor.stack(0, s)).toList());
  }

  /** Hidden and cell state, or none of them. */
  static List<Tensor> both(String label, @Nullable Tensor hidden, @Nullable Tensor cell) {
    if (hidden != null && cell != null) {
      return List.of(hidden, cell);
    }
    if (hidden != null || cell != null) {
      throw new IllegalArgumentException(
          label + ": give both the hidden and the cell state to start from, or none");
    }
    return List.of();
  }

  /**
   * The states after every step, S×T×N×H.
   *
   * @param x T×N×in; what it adds to the gates of all steps is one product
   * @param mask T×N, or null
   */
  static Tensor states(
      Cell cell,
      Weights weights,
      Tensor x,
      boolean reverse,
      @Nullable Tensor mask,
      List<Tensor> first) {
    int units = weights.hh.size(1);
    boolean apart = cell == Cell.GRU;
    Tensor bias = weights.biasIh;
    Tensor candidate = null;
    if (weights.biasIh != null && weights.biasHh != null) {
      bias = weights.biasIh.add(weights.biasHh);
      if (apart) {
        bias =
            Tensor.cat(
                0, bias.slice(0, 0, 2 * units), weights.biasIh.slice(0, 2 * units, 3 * units));
        candidate = weights.biasHh.slice(0, 2 * units, 3 * units);
      }
    }
    List<Tensor> all = new ArrayList<>();
    all.add(x.linear(weights.ih, bias));
    all.add(weights.hh);
    if (apart) {
      all.add(candidate != null ? candidate : Tensor.zeros(x.dtype(), units));
    }
    all.addAll(first);
    if (mask != null) {
      all.add(mask);
    }
    return Tensor.apply(new Recurrence(cell, reverse, mask != null), all.toArray(Tensor[]::new));
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "in",
        in,
        "hidden",
        hidden,
        "layers",
        options.layers(),
        "bidirectional",
        options.bidirectional(),
        "batchFirst",
        options.batchFirst(),
        "dropout",
        options.dropout(),
        "bias",
        options.bias());
  }
}
