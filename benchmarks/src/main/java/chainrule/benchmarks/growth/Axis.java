package chainrule.benchmarks.growth;

import chainrule.math.Philox;
import chainrule.nn.Linear;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.nn.Tanh;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What grows, over two decades, while the rest stays. */
public enum Axis {
  /** Samples of a step, through 784-128-10 with ReLU. */
  BATCH(8) {
    @Override
    Module network(int size) {
      return new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
    }

    @Override
    Tensor input(int size) {
      return normal(size, 784);
    }
  },

  /** Width w of w-w-w-10 with ReLU, 64 samples. */
  WIDTH(16) {
    @Override
    Module network(int size) {
      return new Sequential(
          new Linear(size, size),
          new ReLU(),
          new Linear(size, size),
          new ReLU(),
          new Linear(size, 10));
    }

    @Override
    Tensor input(int size) {
      return normal(64, size);
    }
  },

  /** How many layers of width 64 with tanh, 64 samples. */
  DEPTH(1) {
    @Override
    Module network(int size) {
      List<Module> layers = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        layers.add(new Linear(64, 64));
        layers.add(new Tanh());
      }
      return new Sequential(layers);
    }

    @Override
    Tensor input(int size) {
      return normal(64, 64);
    }
  },

  /** Length of the sequences that a transformer's layer reads, 8 of them, width 64, 4 heads. */
  SEQUENCE(4) {
    @Override
    Module network(int size) {
      return new TransformerBlock(
          64,
          4,
          TransformerOptions.DEFAULT
              .feedForward(256)
              .dropout(0)
              .activation("gelu")
              .batchFirst(true)
              .normFirst(true)
              .causal(true));
    }

    @Override
    Tensor input(int size) {
      return normal(8, size, 64);
    }
  };

  private static final int[] STEPS = {1, 2, 5, 10, 20, 50, 100};

  private final int least;

  Axis(int least) {
    this.least = least;
  }

  /** The name in tables and in JSON. */
  String call() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sizes that are timed, the largest a hundred times the least. */
  int[] sizes() {
    return Arrays.stream(STEPS).map(s -> s * least).toArray();
  }

  /** The network at a size. */
  abstract Module network(int size);

  /** What it is trained on at a size. */
  abstract Tensor input(int size);

  private static Tensor normal(int... shape) {
    return Tensor.randn(DType.F32, new Philox(1, "growth"), shape);
  }
}
