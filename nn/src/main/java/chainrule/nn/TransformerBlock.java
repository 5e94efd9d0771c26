package chainrule.nn;

import chainrule.nn.MultiHeadAttention.Mask;
import chainrule.tensor.Tensor;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A block of a transformer: self-attention, attention to a second sequence if {@code cross}, and
 * two linear layers with an activation between them, each with dropout, a skip connection and a
 * layer norm:
 *
 * <pre>
 * post-norm: x ← norm(x + dropout(f(x)))
 * pre-norm:  x ← x + dropout(f(norm(x)))
 * </pre>
 *
 * <p>Shapes: x and the result are T×N×E, the second sequence S×N×E; N comes first if batch first.
 * Without {@code cross} it is PyTorch's {@code TransformerEncoderLayer} and has its parameters
 * ({@code self_attn.…}, {@code linear1.…}, {@code linear2.…}, {@code norm1.…}, {@code norm2.…}),
 * with it its {@code TransformerDecoderLayer} ({@code multihead_attn.…} and {@code norm3.…} too).
 * Sources: Vaswani and others, <i>Attention is all you need</i>, 2017; pre-norm: Xiong and others,
 * <i>On layer normalization in the transformer architecture</i>, 2020.
 */
public final class TransformerBlock extends Module {
  private final int width;
  private final int heads;
  private final TransformerOptions options;
  private final MultiHeadAttention self;
  private final @Nullable MultiHeadAttention cross;
  private final Linear linear1;
  private final Dropout dropout;
  private final Linear linear2;
  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final @Nullable LayerNorm norm3;
  private final Dropout dropout1;
  private final Dropout dropout2;
  private final @Nullable Dropout dropout3;

  /** An encoder's block, post-norm. */
  public TransformerBlock(int width, int heads) {
    this(width, heads, TransformerOptions.DEFAULT);
  }

  /**
   * A block.
   *
   * @throws IllegalArgumentException if the heads do not divide the width
   */
  public TransformerBlock(int width, int heads, TransformerOptions options) {
    this.width = width;
    this.heads = heads;
    this.options = options;
    AttentionOptions attention =
        AttentionOptions.DEFAULT.dropout(options.dropout()).batchFirst(options.batchFirst());
    this.self = child("self_attn", new MultiHeadAttention(width, heads, attention));
    this.cross =
        options.cross()
            ? child("multihead_attn", new MultiHeadAttention(width, heads, attention))
            : null;
    this.linear1 = child("linear1", new Linear(width, options.feedForward()));
    this.dropout = child("dropout", new Dropout(options.dropout()));
    this.linear2 = child("linear2", new Linear(options.feedForward(), width));
    this.norm1 = child("norm1", norm());
    this.norm2 = child("norm2", norm());
    this.norm3 = options.cross() ? child("norm3", norm()) : null;
    this.dropout1 = child("dropout1", new Dropout(options.dropout()));
    this.dropout2 = child("dropout2", new Dropout(options.dropout()));
    this.dropout3 = options.cross() ? child("dropout3", new Dropout(options.dropout())) : null;
  }

  private LayerNorm norm() {
    return new LayerNorm(new int[] {width}, options.eps());
  }

  /** A block without {@code cross}; causal if the options say so. */
  @Override
  protected Tensor compute(Tensor x) {
    return block(x, null, Mask.NONE.causal(options.causal()), Mask.NONE);
  }

  /** A block without {@code cross}: {@code mask} says what positions see of each other. */
  public Tensor forward(Tensor x, Mask mask) {
    return scoped(() -> block(x, null, mask, Mask.NONE));
  }

  /** A block with {@code cross}; causal if the options say so, all of the memory seen. */
  public Tensor forward(Tensor x, Tensor memory) {
    return forward(x, memory, Mask.NONE.causal(options.causal()), Mask.NONE);
  }

  /**
   * A block with {@code cross}.
   *
   * @param memory the second sequence
   * @param mask what positions see of each other
   * @param memoryMask what they see of the memory
   */
  public Tensor forward(Tensor x, Tensor memory, Mask mask, Mask memoryMask) {
    return scoped(() -> block(x, memory, mask, memoryMask));
  }

  private Tensor block(Tensor x, @Nullable Tensor memory, Mask mask, Mask memoryMask) {
    if ((memory != null) != options.cross()) {
      throw new IllegalArgumentException(
          options.cross()
              ? label() + ": with cross it needs the second sequence, forward(x, memory)"
              : label() + ": takes no second sequence; build it with cross(true)");
    }
    Tensor y = part(x, norm1, dropout1, z -> self.forward(z, z, z, mask));
    LayerNorm last = norm2;
    Dropout lastDropout = dropout2;
    if (cross != null && norm3 != null && dropout3 != null && memory != null) {
      y = part(y, norm2, dropout2, z -> cross.forward(z, memory, memory, memoryMask));
      last = norm3;
      lastDropout = dropout3;
    }
    return part(y, last, lastDropout, this::feedForward);
  }

  private Tensor part(Tensor x, LayerNorm norm, Dropout drop, UnaryOperator<Tensor> f) {
    return options.normFirst()
        ? x.add(drop.forward(f.apply(norm.forward(x))))
        : norm.forward(x.add(drop.forward(f.apply(x))));
  }

  private Tensor feedForward(Tensor x) {
    Tensor wide = linear1.forward(x);
    Tensor active = options.activation().equals("gelu") ? wide.gelu() : wide.relu();
    return linear2.forward(dropout.forward(active));
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "width",
        width,
        "heads",
        heads,
        "feedForward",
        options.feedForward(),
        "dropout",
        options.dropout(),
        "activation",
        options.activation(),
        "eps",
        options.eps(),
        "batchFirst",
        options.batchFirst(),
        "normFirst",
        options.normFirst(),
        "causal",
        options.causal(),
        "cross",
        options.cross());
  }
}
