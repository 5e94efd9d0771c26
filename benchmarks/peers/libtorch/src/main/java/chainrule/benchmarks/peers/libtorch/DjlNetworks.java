package chainrule.benchmarks.peers.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import chainrule.benchmarks.peers.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The networks of the trainings, of DJL's blocks. */
final class DjlNetworks {
  private static final int WIDTH = 128;
  private static final int BLOCKS = 20;
  private static final float EPS = 1e-5f;

  private DjlNetworks() {}

  /**
   * The network of a training.
   *
   * @param manager of what belongs to the network beside its parameters
   */
  static Block of(Training training, NDManager manager) {
    return switch (training) {
      case MOONS, MLP64, MLP256, INFER1 -> chain(Activation::relu, training.widths());
      case TINY ->
          new SequentialBlock()
              .add(linear(4, true))
              .add(Activation::tanh)
              .add(linear(1, true))
              .add(Activation::sigmoid);
      case NIELSEN -> chain(Activation::sigmoid, training.widths()).add(Activation::sigmoid);
      case DEEPBN -> deep();
      case CNN ->
          new SequentialBlock()
              .add(convolution(32))
              .add(Activation::relu)
              .add(convolution(64))
              .add(Activation::relu)
              .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
              .add(Blocks.batchFlattenBlock())
              .add(chain(Activation::relu, 9216, 128, Training.CLASSES));
      case GPT -> new Gpt(manager, training.features());
    };
  }

  private static Linear linear(int out, boolean bias) {
    return Linear.builder().setUnits(out).optBias(bias).build();
  }

  private static Conv2d convolution(int filters) {
    return Conv2d.builder().setFilters(filters).setKernelShape(new Shape(3, 3)).build();
  }

  private static SequentialBlock chain(Function<NDList, NDList> activation, int... widths) {
    SequentialBlock chain = new SequentialBlock();
    for (int i = 1; i < widths.length; i++) {
      if (i > 1) {
        chain.add(activation);
      }
      chain.add(linear(widths[i], true));
    }
    return chain;
  }

  private static Block deep() {
    SequentialBlock deep = new SequentialBlock();
    for (int i = 0; i < BLOCKS; i++) {
      deep.add(new Normed());
    }
    return deep.add(linear(Training.CLASSES, true));
  }

  /** {@code x + relu(bn(linear(x)))}. */
  private static final class Normed extends AbstractBlock {
    private final Linear linear = addChildBlock("linear", linear(WIDTH, true));
    private final BatchNorm norm =
        addChildBlock("norm", BatchNorm.builder().optEpsilon(EPS).optMomentum(0.9f).build());

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList in,
        boolean training,
        @Nullable PairList<String, Object> options) {
      NDList h = norm.forward(store, linear.forward(store, in, training), training);
      return new NDList(in.head().add(Activation.relu(h.head())));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] in) {
      return in;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... in) {
      linear.initialize(manager, type, in);
      norm.initialize(manager, type, linear.getOutputShapes(in));
    }
  }

  /** A pre-norm layer of a transformer. */
  private static final class Layer extends AbstractBlock {
    private static final int HEADS = 4;
    private static final int EACH = WIDTH / HEADS;

    private final LayerNorm norm1 = addChildBlock("norm1", LayerNorm.builder().axis(2).build());
    private final LayerNorm norm2 = addChildBlock("norm2", LayerNorm.builder().axis(2).build());
    private final Linear qkv = addChildBlock("qkv", linear(3 * WIDTH, true));
    private final Linear out = addChildBlock("out", linear(WIDTH, true));
    private final Linear wide = addChildBlock("wide", linear(4 * WIDTH, true));
    private final Linear narrow = addChildBlock("narrow", linear(WIDTH, true));
    private final NDArray mask;

    Layer(NDArray mask) {
      this.mask = mask;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList in,
        boolean training,
        @Nullable PairList<String, Object> options) {
      NDArray x = in.head();
      long n = x.getShape().get(0);
      long t = x.getShape().get(1);
      NDList parts =
          qkv.forward(store, norm1.forward(store, in, training), training).head().split(3, 2);
      NDArray q = parts.get(0).reshape(n, t, HEADS, EACH).transpose(0, 2, 1, 3);
      NDArray k = parts.get(1).reshape(n, t, HEADS, EACH).transpose(0, 2, 3, 1);
      NDArray v = parts.get(2).reshape(n, t, HEADS, EACH).transpose(0, 2, 1, 3);
      NDArray seen = q.matMul(k).mul(1 / Math.sqrt(EACH)).add(mask).softmax(-1);
      NDArray y = seen.matMul(v).transpose(0, 2, 1, 3).reshape(n, t, WIDTH);
      NDArray z = x.add(out.forward(store, new NDList(y), training).head());
      NDList normed = norm2.forward(store, new NDList(z), training);
      NDArray h = Activation.gelu(wide.forward(store, normed, training).head());
      return new NDList(z.add(narrow.forward(store, new NDList(h), training).head()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] in) {
      return in;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... in) {
      norm1.initialize(manager, type, in);
      norm2.initialize(manager, type, in);
      qkv.initialize(manager, type, in);
      out.initialize(manager, type, in);
      wide.initialize(manager, type, in);
      narrow.initialize(manager, type, wide.getOutputShapes(in));
    }
  }

  /** Characters to scores of characters, a row each. */
  private static final class Gpt extends AbstractBlock {
    private static final int LAYERS = 4;

    private final Parameter characters;
    private final Parameter positions;
    private final List<Layer> layers = new ArrayList<>();
    private final LayerNorm norm;
    private final Linear head;
    private final NDArray places;

    Gpt(NDManager manager, int length) {
      characters = table("characters", Training.CHARACTERS);
      positions = table("positions", length);
      float[] future = new float[length * length];
      for (int i = 0; i < length; i++) {
        for (int j = i + 1; j < length; j++) {
          future[i * length + j] = Float.NEGATIVE_INFINITY;
        }
      }
      NDArray mask = manager.create(future, new Shape(length, length));
      places = manager.arange(0, length, 1, DataType.INT64);
      for (int i = 0; i < LAYERS; i++) {
        layers.add(addChildBlock("layer" + i, new Layer(mask)));
      }
      norm = addChildBlock("norm", LayerNorm.builder().axis(2).build());
      head = addChildBlock("head", linear(Training.CHARACTERS, false));
    }

    private Parameter table(String name, int rows) {
      return addParameter(
          Parameter.builder()
              .setName(name)
              .setType(Parameter.Type.WEIGHT)
              .optShape(new Shape(rows, WIDTH))
              .build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList in,
        boolean training,
        @Nullable PairList<String, Object> options) {
      NDArray text = in.head();
      NDArray x = lookUp(store, text, characters, training);
      try (NDManager own = text.getManager().newSubManager()) {
        // its result lives where the indices do, which outlive the step
        places.tempAttach(own);
        NDArray rows = lookUp(store, places, positions, training);
        rows.attach(text.getManager());
        x = x.add(rows);
      }
      NDList y = new NDList(x);
      for (Layer layer : layers) {
        y = layer.forward(store, y, training);
      }
      NDList scores = head.forward(store, norm.forward(store, y, training), training);
      return new NDList(scores.head().reshape(-1, Training.CHARACTERS));
    }

    private static NDArray lookUp(
        ParameterStore store, NDArray rows, Parameter table, boolean training) {
      NDArray weight = store.getValue(table, rows.getDevice(), training);
      return Embedding.embedding(rows, weight, SparseFormat.DENSE).head();
    }

    @Override
    public Shape[] getOutputShapes(Shape[] in) {
      return new Shape[] {new Shape(-1, Training.CHARACTERS)};
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... in) {
      Shape x = new Shape(in[0].get(0), in[0].get(1), WIDTH);
      for (Layer layer : layers) {
        layer.initialize(manager, type, x);
      }
      norm.initialize(manager, type, x);
      head.initialize(manager, type, x);
    }
  }
}
