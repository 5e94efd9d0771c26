package chainrule.benchmarks.peers;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The networks whose whole training steps are compared: forward, loss, backward and update, on data
 * in memory. Each says what its step computes; data and initial weights are the same for all.
 */
public enum Training {
  /**
   * 2-16-16-1 with ReLU on two half circles of 50 points, all at once, labels ±1: the mean of
   * max(0, 1 − y·s) + 10⁻⁴ Σ p². SGD, 0.1.
   */
  MOONS(100, 1, 2),

  /** 2-4-1 with tanh and sigmoid on XOR, mean squared error. SGD, 0.5. */
  TINY(4, 1, 2),

  /** 784-30-10 with sigmoids; half the squared error, summed over outputs. SGD, 0.5. */
  NIELSEN(10, 100, 784),

  /** 784-128-10 with ReLU, cross-entropy. Adam, 10⁻³. */
  MLP64(64, 16, 784),

  /** 784-1024-1024-10 with ReLU, cross-entropy. SGD, 0.01, momentum 0.9. */
  MLP256(256, 8, 784),

  /** 20 × (x + relu(bn(linear(x)))) of width 128, linear to 10; cross-entropy. Adam, 10⁻³. */
  DEEPBN(128, 8, 128),

  /**
   * 3×3 convolutions 1→32 and 32→64 with ReLU, 2×2 maxima, 9216-128-10 with ReLU; cross-entropy.
   * SGD, 0.01.
   */
  CNN(64, 4, 784),

  /**
   * A GPT: 65 characters, blocks of 64, width 128, 4 heads, 4 pre-norm layers, GELU, 4 times as
   * wide inside, a head of its own without bias; cross-entropy. AdamW, 3·10⁻⁴, decay 0.01.
   */
  GPT(16, 8, 64),

  /** The network of {@link #MLP64} applied to one sample, from an array to an array. */
  INFER1(1, 1, 784);

  /** How many classes labels have. */
  public static final int CLASSES = 10;

  /** How many different characters {@link #GPT} reads. */
  public static final int CHARACTERS = 65;

  private static final int HALF = 50;

  private final int batch;
  private final int batches;
  private final int features;

  Training(int batch, int batches, int features) {
    this.batch = batch;
    this.batches = batches;
    this.features = features;
  }

  /** Its name on the command line. */
  public String call() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name. */
  public static Optional<Training> named(String name) {
    return Arrays.stream(values()).filter(t -> t.call().equals(name)).findFirst();
  }

  /** How many samples a step sees. */
  public int batch() {
    return batch;
  }

  /** How many different batches there are; steps take them in turn. */
  public int batches() {
    return batches;
  }

  /** How many numbers a sample has; for {@link #GPT}, how many characters. */
  public int features() {
    return features;
  }

  /**
   * Whether a turn begins with the initial weights and ends after a few hundred steps: further on
   * an optimizer's state decays to subnormal numbers, with which some engines are slow.
   */
  public boolean startsAnew() {
    return switch (this) {
      case MLP64, MLP256, DEEPBN, CNN, GPT -> true;
      case MOONS, TINY, NIELSEN, INFER1 -> false;
    };
  }

  /** The widths of layers of the networks that are such a chain, else none. */
  public int[] widths() {
    return switch (this) {
      case MOONS -> new int[] {2, 16, 16, 1};
      case TINY -> new int[] {2, 4, 1};
      case NIELSEN -> new int[] {784, 30, 10};
      case MLP64, INFER1 -> new int[] {784, 128, 10};
      case MLP256 -> new int[] {784, 1024, 1024, 10};
      case DEEPBN, CNN, GPT -> new int[0];
    };
  }

  /** The samples of the k-th batch, a row each. */
  public float[] inputs(int k) {
    return switch (this) {
      case MOONS -> moons();
      case TINY -> new float[] {0, 0, 0, 1, 1, 0, 1, 1};
      default -> Generator.uniform(1, k * batch * features, batch * features);
    };
  }

  /** The classes of the k-th batch. */
  public int[] labels(int k) {
    return Generator.below(CLASSES, 2, k * batch, batch);
  }

  /** The numbers that the network is to give for the k-th batch, where these are not classes. */
  public float[] targets(int k) {
    return switch (this) {
      case MOONS -> {
        float[] y = new float[2 * HALF];
        Arrays.fill(y, 1);
        Arrays.fill(y, 0, HALF, -1);
        yield y;
      }
      case TINY -> new float[] {0, 1, 1, 0};
      default -> oneHot(k);
    };
  }

  /** The classes of the k-th batch as rows of zeros and a one. */
  public float[] oneHot(int k) {
    float[] rows = new float[batch * CLASSES];
    int[] labels = labels(k);
    for (int i = 0; i < batch; i++) {
      rows[i * CLASSES + labels[i]] = 1;
    }
    return rows;
  }

  /**
   * The characters of the k-th batch of {@link #GPT}, a row each.
   *
   * @param ahead 0 for what is read, 1 for what is to be foretold
   */
  public int[] characters(int k, int ahead) {
    int length = features + 1;
    int[] text = Generator.below(CHARACTERS, 4, k * batch * length, batch * length);
    int[] rows = new int[batch * features];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = text[i / features * length + ahead + i % features];
    }
    return rows;
  }

  private static float[] moons() {
    float[] x = new float[4 * HALF];
    float[] noise = Generator.uniform(3, x.length);
    for (int i = 0; i < HALF; i++) {
      double t = Math.PI * i / (HALF - 1);
      x[2 * i] = (float) Math.cos(t);
      x[2 * i + 1] = (float) Math.sin(t);
      x[2 * (HALF + i)] = (float) (1 - Math.cos(t));
      x[2 * (HALF + i) + 1] = (float) (0.5 - Math.sin(t));
    }
    for (int i = 0; i < x.length; i++) {
      x[i] += (noise[i] - 0.5f) * 0.2f;
    }
    return x;
  }
}
