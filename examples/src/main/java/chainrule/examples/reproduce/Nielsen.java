package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.data.Dataset;
import chainrule.data.Mnist;
import chainrule.examples.random.NumpyRandom;
import chainrule.optim.ElementwiseOptimizer;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The networks of Nielsen, <a href="http://neuralnetworksanddeeplearning.com/">Neural networks and
 * deep learning</a> (2015): sigmoid units on MNIST's 50,000 images, batches of 10, weights, not
 * biases, decayed by {@code 1 − ηλ/n}.
 */
final class Nielsen {
  static final String FOLDER = "mnist";
  private static final int TRAINING = 50_000;
  private static final int PIXELS = 784;
  private static final int BATCH = 10;

  /** MNIST divided as the book does; pixels by 256. */
  static final class Images {
    final float[] x;
    final int[] y;

    Images(float[] x, int[] y) {
      this.x = x;
      this.y = y;
    }

    int size() {
      return y.length;
    }

    Images first(int n) {
      return new Images(Arrays.copyOf(x, n * PIXELS), Arrays.copyOf(y, n));
    }

    Tensor inputs() {
      return Tensor.of(x, size(), PIXELS);
    }

    /** Some rows, in their order. */
    Tensor inputs(int[] order, int from, int count) {
      float[] taken = new float[count * PIXELS];
      for (int i = 0; i < count; i++) {
        System.arraycopy(x, order[from + i] * PIXELS, taken, i * PIXELS, PIXELS);
      }
      return Tensor.of(taken, count, PIXELS);
    }

    Tensor targets(int[] order, int from, int count) {
      float[] taken = new float[count * 10];
      for (int i = 0; i < count; i++) {
        taken[i * 10 + y[order[from + i]]] = 1;
      }
      return Tensor.of(taken, count, 10);
    }
  }

  /** Training and test images. */
  record Data(Images train, Images test) {
    static Data read(Lab lab) {
      Dataset.Split split = Mnist.load(lab.data(FOLDER));
      return new Data(images(split.train()).first(TRAINING), images(split.test()));
    }

    private static Images images(Dataset set) {
      float[] x = set.x().toFloatArray();
      float most = 0;
      for (float v : x) {
        most = Math.max(most, v);
      }
      for (int i = 0; i < x.length; i++) {
        x[i] = Math.round(x[i] / most * 255) / 256f;
      }
      return new Images(x, set.y().toIntArray());
    }
  }

  /**
   * How a network learns.
   *
   * @param crossEntropy whether the cost is cross-entropy, or half the squared distance
   * @param narrow whether weights start with deviation 1/√n, or 1
   */
  record Recipe(
      boolean crossEntropy, boolean narrow, double eta, double lambda, int epochs, int... sizes) {}

  /** The share of test and of training images that are right after each epoch, and the costs. */
  record Course(double[] test, double[] train, double[] costs) {}

  private final List<Parameter> weights = new ArrayList<>();
  private final List<Parameter> biases = new ArrayList<>();
  private final Recipe recipe;

  Nielsen(Recipe recipe, int seed) {
    this.recipe = recipe;
    var random = new NumpyRandom(seed);
    for (int i = 1; i < recipe.sizes.length; i++) {
      int in = recipe.sizes[i - 1];
      int out = recipe.sizes[i];
      biases.add(drawn(random, 1, out));
      weights.add(drawn(random, recipe.narrow ? 1 / Math.sqrt(in) : 1, out, in));
    }
  }

  private static Parameter drawn(NumpyRandom random, double deviation, int... shape) {
    float[] x = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * deviation);
    }
    return Tensor.of(x, shape).requiresGrad();
  }

  List<Parameter> weights() {
    return Collections.unmodifiableList(weights);
  }

  int parameterCount() {
    return weights.stream().mapToInt(Tensor::size).sum()
        + biases.stream().mapToInt(Tensor::size).sum();
  }

  /** The last layer before its sigmoid. */
  private Tensor sums(Tensor x) {
    Tensor h = x;
    for (int i = 0; i < weights.size(); i++) {
      Tensor z = h.linear(weights.get(i), biases.get(i));
      h = i + 1 < weights.size() ? z.sigmoid() : z;
    }
    return h;
  }

  /** The cost of a batch: the mean over its rows of the sum over the ten outputs. */
  private Tensor cost(Tensor x, Tensor y) {
    Tensor z = sums(x);
    Tensor each =
        recipe.crossEntropy ? z.softplus().sub(z.mul(y)) : z.sigmoid().sub(y).square().mul(0.5);
    return each.sum().div(x.size(0));
  }

  /** How many images are right. */
  int right(Images images) {
    int[] said = sums(images.inputs()).detach().argmax(1).toIntArray();
    int right = 0;
    for (int i = 0; i < said.length; i++) {
      right += said[i] == images.y[i] ? 1 : 0;
    }
    return right;
  }

  /** What the network says of every image. */
  double[][] confusion(Images images) {
    int[] said = sums(images.inputs()).detach().argmax(1).toIntArray();
    double[][] counts = new double[10][10];
    for (int i = 0; i < said.length; i++) {
      counts[images.y[i]][said[i]]++;
    }
    return counts;
  }

  /** Trains, and says after each epoch how it stands. */
  Course train(Lab lab, String name, Images train, Images test) {
    double decay = recipe.eta * recipe.lambda / train.size();
    var optimizer = new ElementwiseOptimizer(weights, new DeltaRule(recipe.eta, 0, decay));
    optimizer.addParamGroup(biases, new DeltaRule(recipe.eta, 0, 0));
    Compiled step = Nets.step(optimizer, in -> cost(in.get(0), in.get(1)));
    Integer[] shuffled = new Integer[train.size()];
    Arrays.setAll(shuffled, i -> i);
    var random = new Random(1);
    Course course =
        new Course(new double[recipe.epochs], new double[recipe.epochs], new double[recipe.epochs]);
    for (int epoch = 0; epoch < recipe.epochs; epoch++) {
      Collections.shuffle(Arrays.asList(shuffled), random);
      int[] order = Arrays.stream(shuffled).mapToInt(i -> i).toArray();
      double sum = 0;
      for (int from = 0; from + BATCH <= order.length; from += BATCH) {
        sum += step.number(train.inputs(order, from, BATCH), train.targets(order, from, BATCH));
      }
      course.costs[epoch] = sum * BATCH / order.length;
      course.test[epoch] = (double) right(test) / test.size();
      course.train[epoch] = (double) right(train) / train.size();
      if (epoch < 3 || epoch % 10 == 0) {
        lab.progress(
            "%s: epoch %d of %d, test %.2f %%",
            name, epoch, recipe.epochs, 100 * course.test[epoch]);
      }
    }
    return course;
  }

  /** The pictures of the first layer's weights. */
  Plot picture(String title) {
    double[] w = weights.getFirst().value().toDoubleArray();
    List<double[]> units = new ArrayList<>();
    for (int i = 0; i < Math.min(16, w.length / PIXELS); i++) {
      units.add(Arrays.copyOfRange(w, i * PIXELS, (i + 1) * PIXELS));
    }
    return new Plot.Pictures(title, 28, List.of(), units);
  }
}
