package chainrule.examples.reproduce;

import chainrule.nn.Embedding;
import chainrule.nn.Inits;
import chainrule.nn.LayerNorm;
import chainrule.nn.Linear;
import chainrule.nn.Module;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A GPT as Karpathy's lecture and nanoGPT build it: token and place, blocks of causal attention and
 * two linear layers around a bend, each normed before and added after, a last norm, scores.
 *
 * <p>Sources: Karpathy, <i>Let's build GPT</i> (2023); nanoGPT, {@code model.py}; Radford et al.
 * (2019).
 */
final class Gpt extends Module {
  /**
   * The sizes.
   *
   * @param lecture the lecture's ReLU and biases, or nanoGPT's GELU without
   */
  record Sizes(int symbols, int context, int width, int heads, int layers, boolean lecture) {}

  private static final double EPS = 1e-5;
  private static final double DEVIATION = 0.02;

  private final Sizes sizes;
  private final Embedding tokens;
  private final Embedding places;
  private final List<Block> blocks = new ArrayList<>();
  private final LayerNorm norm;
  private final Linear scores;

  Gpt(Sizes sizes) {
    this.sizes = sizes;
    tokens = child("tokens", new Embedding(sizes.symbols, sizes.width));
    places = child("places", new Embedding(sizes.context, sizes.width));
    for (int i = 0; i < sizes.layers; i++) {
      blocks.add(child("block" + i, new Block(sizes)));
    }
    norm = child("norm", norm(sizes));
    scores =
        child(
            "scores",
            sizes.lecture
                ? new Linear(sizes.width, sizes.symbols)
                : new Linear(tokens.weight(), false)); // one matrix reads and writes
  }

  /** The lecture's largest, of 10.8 million parameters. */
  static Gpt lecture() {
    return new Gpt(new Sizes(65, 256, 384, 6, 6, true));
  }

  private static LayerNorm norm(Sizes sizes) {
    return new LayerNorm(new int[] {sizes.width}, EPS, true, sizes.lecture);
  }

  @Override
  protected Tensor compute(Tensor x) {
    int time = x.size(1);
    Tensor h = tokens.forward(x).add(places.forward(Tensor.arange(time)));
    for (Block block : blocks) {
      h = block.forward(h);
    }
    return scores.forward(norm.forward(h));
  }

  /** Matrices normal with deviation 0.02; those that end a branch smaller by √(2·layers). */
  void start(RandomGenerator random) {
    namedParameters()
        .forEach(
            (name, p) -> {
              if (p.rank() == 2) {
                boolean ends = name.contains(".out");
                double deviation = ends ? DEVIATION / Math.sqrt(2.0 * sizes.layers) : DEVIATION;
                p.set(Inits.normal(0, deviation).draw(p.dtype(), random, p.shape().toArray()));
              } else if (name.endsWith("bias")) {
                p.set(Tensor.zeros(p.shape().toArray()));
              }
            });
  }

  /** The matrices, which decay. */
  List<Parameter> matrices() {
    return parameters().stream().filter(p -> p.rank() == 2).toList();
  }

  /** What does not decay. */
  List<Parameter> vectors() {
    return Collections.unmodifiableList(parameters().stream().filter(p -> p.rank() != 2).toList());
  }

  /** {@code x + attention(norm x)}, then {@code x + layers(norm x)}. */
  private static final class Block extends Module {
    private final Sizes sizes;
    private final LayerNorm first;
    private final Linear reads;
    private final Linear joins;
    private final LayerNorm second;
    private final Linear widens;
    private final Linear narrows;

    Block(Sizes sizes) {
      this.sizes = sizes;
      int w = sizes.width;
      first = child("norm1", norm(sizes));
      reads = child("qkv", new Linear(w, 3 * w, false));
      joins = child("out1", new Linear(w, w, sizes.lecture));
      second = child("norm2", norm(sizes));
      widens = child("in", new Linear(w, 4 * w, sizes.lecture));
      narrows = child("out2", new Linear(4 * w, w, sizes.lecture));
    }

    private Tensor heads(Tensor x) {
      return x.reshape(x.size(0), x.size(1), sizes.heads, sizes.width / sizes.heads)
          .permute(0, 2, 1, 3);
    }

    @Override
    protected Tensor compute(Tensor x) {
      List<Tensor> qkv = reads.forward(first.forward(x)).split(sizes.width, 2);
      Tensor attended =
          heads(qkv.get(0))
              .scaledDotProductAttention(heads(qkv.get(1)), heads(qkv.get(2)), true)
              .permute(0, 2, 1, 3)
              .reshape(x.size(0), x.size(1), sizes.width);
      Tensor h = x.add(joins.forward(attended));
      Tensor wide = widens.forward(second.forward(h));
      return h.add(narrows.forward(sizes.lecture ? wide.relu() : wide.gelu()));
    }
  }
}
