package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention: {@code y = [head₁, …, headₕ]·W_oᵀ + b_o} with {@code headᵢ =
 * softmax(qᵢ·kᵢᵀ/√d + mask)·vᵢ}, where q, k and v are projections of queries, keys and values, cut
 * into h heads of d = E/h numbers.
 *
 * <p>Shapes: queries are T×N×E, keys S×N×(E or what the options say), values likewise, the result
 * T×N×E; N comes first if batch first; without N a single sequence. Parameters as in PyTorch:
 * {@code in_proj_weight}, 3E×E, or {@code q_proj_weight}, {@code k_proj_weight} and {@code
 * v_proj_weight} where widths differ, all Glorot-uniform at first; {@code in_proj_bias}, 3E, 0 at
 * first; {@code out_proj.weight}, from U(−1/√E, 1/√E), and {@code out_proj.bias}, 0 at first.
 *
 * <p>A query from which all keys are hidden attends to nothing: its heads are 0 and pass no
 * gradient (PyTorch gives NaN there). Source: Vaswani and others, <i>Attention is all you need</i>,
 * 2017, section 3.2.
 */
public final class MultiHeadAttention extends Module {
  private final int width;
  private final int heads;
  private final AttentionOptions options;
  private final int keyWidth;
  private final int valueWidth;
  private final @Nullable Parameter packed;
  private final List<Parameter> separate;
  private final @Nullable Parameter bias;
  private final Linear out;
  private final @Nullable Dropout dropout;

  /**
   * What hides keys from queries; all of it may be absent.
   *
   * @param keys N×S: 1 where there is a key, 0 where there is padding ({@link Masks#lengths})
   * @param scores what is added to the scores, of a shape that broadcasts to N×h×T×S, such as T×S:
   *     −∞ hides a key from a query
   * @param causal whether query i sees keys 0 … i only
   */
  public record Mask(@Nullable Tensor keys, @Nullable Tensor scores, boolean causal) {
    /** Nothing is hidden. */
    public static final Mask NONE = new Mask(null, null, false);

    /** With padding hidden: keys are N×S, 1 where there is one. */
    public Mask keys(Tensor ones) {
      return new Mask(ones, scores, causal);
    }

    /** With something added to the scores. */
    public Mask scores(Tensor added) {
      return new Mask(keys, added, causal);
    }

    /** With the future hidden, or not. */
    public Mask causal(boolean on) {
      return new Mask(keys, scores, on);
    }
  }

  /** Attention of one width, with biases. */
  public MultiHeadAttention(int width, int heads) {
    this(width, heads, AttentionOptions.DEFAULT);
  }

  /**
   * Attention.
   *
   * @throws IllegalArgumentException if the heads do not divide the width
   */
  public MultiHeadAttention(int width, int heads, AttentionOptions options) {
    Checks.positive("MultiHeadAttention", "width", width);
    Checks.positive("MultiHeadAttention", "heads", heads);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "MultiHeadAttention: %d heads do not divide the width %d".formatted(heads, width));
    }
    this.width = width;
    this.heads = heads;
    this.options = options;
    this.keyWidth = options.keyWidth() == 0 ? width : options.keyWidth();
    this.valueWidth = options.valueWidth() == 0 ? width : options.valueWidth();
    Init glorot = Inits.glorotUniform();
    if (keyWidth == width && valueWidth == width) {
      this.packed = param("in_proj_weight", glorot, 3 * width, width);
      this.separate = List.of();
    } else {
      this.packed = null;
      this.separate =
          List.of(
              param("q_proj_weight", glorot, width, width),
              param("k_proj_weight", glorot, width, keyWidth),
              param("v_proj_weight", glorot, width, valueWidth));
    }
    this.bias = options.bias() ? param("in_proj_bias", Inits.zeros(), 3 * width) : null;
    this.out = child("out_proj", new Linear(width, width, options.bias(), Inits.torchLinear()));
    this.dropout = options.dropout() > 0 ? child("dropout", new Dropout(options.dropout())) : null;
  }

  /** Self-attention: x is queries, keys and values. */
  @Override
  protected Tensor compute(Tensor x) {
    return attend(x, x, x, Mask.NONE.causal(options.causal()));
  }

  /** Attention, causal if the options say so. */
  public Tensor forward(Tensor query, Tensor key, Tensor value) {
    return forward(query, key, value, Mask.NONE.causal(options.causal()));
  }

  /**
   * Attention.
   *
   * @param mask what is hidden; the options' {@code causal} does not count beside it
   * @throws ShapeException if the shapes do not fit
   */
  public Tensor forward(Tensor query, Tensor key, Tensor value, Mask mask) {
    return scoped(() -> attend(query, key, value, mask));
  }

  /**
   * The weights with which queries attend to keys, N×h×T×S, rows that sum to 1, or 0 where all is
   * hidden; without dropout.
   */
  public Tensor weights(Tensor query, Tensor key, Mask mask) {
    return scoped(
        () -> {
          check(query, key, null);
          Tensor[] projected = {project(query, 0), project(key, 1)};
          Tensor hidden = hidden(mask, query, key, projected[0]);
          return weights(split(projected[0]), split(projected[1]), hidden, mask.causal);
        });
  }

  @SuppressWarnings("ReferenceEquality") // the very tensor: then one product projects it
  private Tensor attend(Tensor query, Tensor key, Tensor value, Mask mask) {
    check(query, key, value);
    Tensor[] projected = new Tensor[3];
    if (packed != null && query == key && key == value) {
      Tensor all = query.linear(packed, bias);
      Arrays.setAll(projected, i -> all.slice(-1, i * width, (i + 1) * width));
    } else {
      Tensor[] in = {query, key, value};
      Arrays.setAll(projected, i -> project(in[i], i));
    }
    Tensor hidden = hidden(mask, query, key, projected[0]);
    Tensor q = split(projected[0]);
    Tensor k = split(projected[1]);
    Tensor v = split(projected[2]);
    Tensor y;
    if (dropout != null && training()) {
      y = dropout.forward(weights(q, k, hidden, mask.causal)).matmul(v);
    } else {
      y = q.scaledDotProductAttention(k, v, hidden, mask.causal, scale());
    }
    return out.forward(join(y, query.rank()));
  }

  private double scale() {
    return 1 / Math.sqrt(width / (double) heads);
  }

  private void check(Tensor query, Tensor key, @Nullable Tensor value) {
    Shape q = query.shape();
    Shape k = key.shape();
    Shape v = value == null ? k.with(-1, valueWidth) : value.shape();
    boolean fits =
        (q.rank() == 2 || q.rank() == 3)
            && k.rank() == q.rank()
            && v.rank() == q.rank()
            && q.dim(-1) == width
            && k.dim(-1) == keyWidth
            && v.dim(-1) == valueWidth
            && k.without(-1).equals(v.without(-1))
            && (q.rank() == 2 || q.dim(batch()) == k.dim(batch()));
    if (!fits) {
      String order = options.batchFirst() ? "N×%s" : "%s×N";
      throw new ShapeException(
          "%s: needs queries %s×%d, keys %s×%d and values %s×%d, all of them perhaps without N,"
                  .formatted(
                      label(),
                      order.formatted("T"),
                      width,
                      order.formatted("S"),
                      keyWidth,
                      order.formatted("S"),
                      valueWidth)
              + " got %s, %s and %s".formatted(q, k, v));
    }
  }

  private int batch() {
    return options.batchFirst() ? 0 : 1;
  }

  /** The projection of queries (0), keys (1) or values (2). */
  private Tensor project(Tensor x, int which) {
    int from = which * width;
    Tensor weight = packed == null ? separate.get(which) : packed.slice(0, from, from + width);
    return x.linear(weight, bias == null ? null : bias.slice(0, from, from + width));
  }

  /** N×h×T×d, or h×T×d. */
  private Tensor split(Tensor x) {
    int d = width / heads;
    if (x.rank() == 2) {
      return x.reshape(x.size(0), heads, d).permute(1, 0, 2);
    }
    Tensor cut = x.reshape(x.size(0), x.size(1), heads, d);
    return options.batchFirst() ? cut.permute(0, 2, 1, 3) : cut.permute(1, 2, 0, 3);
  }

  private Tensor join(Tensor x, int rank) {
    if (rank == 2) {
      return x.permute(1, 0, 2).reshape(-1, width);
    }
    Tensor turned = options.batchFirst() ? x.permute(0, 2, 1, 3) : x.permute(2, 0, 1, 3);
    return turned.reshape(turned.size(0), turned.size(1), width);
  }

  /** What is added to the scores, or null. */
  private @Nullable Tensor hidden(Mask mask, Tensor query, Tensor key, Tensor like) {
    Tensor keys = mask.keys;
    Tensor scores = mask.scores == null ? null : mask.scores.to(like.dtype());
    if (keys == null) {
      return scores;
    }
    boolean single = query.rank() == 2;
    int time = single ? 0 : 1 - batch();
    Shape expected = single ? Shape.of(key.size(0)) : Shape.of(key.size(batch()), key.size(time));
    if (!keys.shape().equals(expected)) {
      throw new ShapeException(
          "%s: the mask of the keys must be %s, got %s".formatted(label(), expected, keys.shape()));
    }
    Tensor padding = keys.to(like.dtype()).hidingZeros();
    padding =
        single ? padding.reshape(1, 1, -1) : padding.reshape(keys.size(0), 1, 1, keys.size(1));
    return scores == null ? padding : padding.add(scores);
  }

  private Tensor weights(Tensor q, Tensor k, @Nullable Tensor hidden, boolean causal) {
    Tensor scores = q.mul(scale()).matmul(k, false, true);
    if (hidden != null) {
      scores = scores.add(hidden);
    }
    if (causal) {
      Tensor seen = Tensor.ones(q.dtype(), scores.size(-2), scores.size(-1)).tril(0);
      scores = seen.select(scores, scores.constant(Double.NEGATIVE_INFINITY));
    }
    Tensor blind = scores.detach().max(-1, true).eq(Double.NEGATIVE_INFINITY);
    Tensor weights = blind.select(scores.constant(0), scores).softmax(-1);
    return blind.select(weights.constant(0), weights);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "width",
        width,
        "heads",
        heads,
        "keyWidth",
        keyWidth,
        "valueWidth",
        valueWidth,
        "dropout",
        options.dropout(),
        "bias",
        options.bias(),
        "batchFirst",
        options.batchFirst(),
        "causal",
        options.causal());
  }
}
