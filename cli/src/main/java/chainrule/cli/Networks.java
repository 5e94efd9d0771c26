package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.formats.Models;
import chainrule.nn.AvgPool2d;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.BatchNorm2d;
import chainrule.nn.Conv2d;
import chainrule.nn.Dropout;
import chainrule.nn.Flatten;
import chainrule.nn.GRU;
import chainrule.nn.LSTM;
import chainrule.nn.LayerNorm;
import chainrule.nn.LearnedPositions;
import chainrule.nn.Linear;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Mean;
import chainrule.nn.Module;
import chainrule.nn.RecurrentOptions;
import chainrule.nn.Residual;
import chainrule.nn.Select;
import chainrule.nn.Sequential;
import chainrule.nn.Tanh;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.nn.Unflatten;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The networks of {@code --model}, fitted to the shape of the data.
 *
 * <p>Every network takes rows of numbers. Those for images see them as a plane; those for sequences
 * read the lines of an image one after the other, or the numbers of any other row one by one.
 */
final class Networks {
  static final String MLP = "mlp";
  static final String CNN = "cnn";
  static final String LENET = "lenet";
  static final String LSTM = "lstm";
  static final String GRU = "gru";
  static final String TRANSFORMER = "transformer";

  /** The words of {@code --model}. */
  static final List<String> MODELS = List.of(MLP, CNN, LENET, LSTM, GRU, TRANSFORMER);

  /** The words of {@code --norm}. */
  static final List<String> NORMS = List.of(NetworkSettings.NO_NORM, "batch", "layer");

  private static final int HEADS = 4;

  private final NetworkSettings settings;
  private final Dataset data;
  private final int outputs;

  private Networks(NetworkSettings settings, Dataset data, int outputs) {
    this.settings = settings;
    this.data = data;
    this.outputs = outputs;
  }

  /** The network for rows like those of {@code data}. */
  static Module of(NetworkSettings settings, Dataset data, int outputs) {
    return new Networks(settings, data, outputs).build();
  }

  /** The word or file of {@code --model}, checked. */
  static String model(String word) {
    if (word.endsWith(".json")) {
      return word;
    }
    String known = word.toLowerCase(Locale.ROOT);
    if (!MODELS.contains(known)) {
      throw new UsageException(
          "--model %s: known are %s, and files .json with an architecture"
              .formatted(word, String.join(", ", MODELS)));
    }
    return known;
  }

  /** The word of {@code --norm}, checked. */
  static String norm(String word) {
    String known = word.toLowerCase(Locale.ROOT);
    if (!NORMS.contains(known)) {
      throw new UsageException("--norm %s: known are %s".formatted(word, String.join(", ", NORMS)));
    }
    return known;
  }

  private Module build() {
    return switch (settings.model()) {
      case MLP -> mlp();
      case CNN -> cnn();
      case LENET -> lenet();
      case LSTM -> recurrent(true);
      case GRU -> recurrent(false);
      case TRANSFORMER -> transformer();
      default -> fromFile();
    };
  }

  // ---------------------------------------------------------------- rows

  private Sequential mlp() {
    List<Module> layers = new ArrayList<>();
    hidden(layers, data.sampleShape().size());
    return new Sequential(layers);
  }

  /** The hidden layers and the last one, for rows of so many numbers. */
  private void hidden(List<Module> layers, int inputs) {
    int width = inputs;
    for (int size : settings.hidden()) {
      List<Module> block = new ArrayList<>(List.of(new Linear(width, size)));
      switch (settings.norm()) {
        case "batch" -> block.add(new BatchNorm1d(size));
        case "layer" -> block.add(new LayerNorm(size));
        default -> {}
      }
      block.add(Choices.activation(settings.activation()));
      if (settings.dropout() > 0) {
        block.add(new Dropout(settings.dropout()));
      }
      if (settings.residual()) {
        Module body = new Sequential(block);
        layers.add(
            width == size ? new Residual(body) : new Residual(body, new Linear(width, size)));
      } else {
        layers.addAll(block);
      }
      width = size;
    }
    layers.add(new Linear(width, outputs));
  }

  // ---------------------------------------------------------------- images

  private Shape image() {
    return data.imageShape()
        .orElseThrow(
            () ->
                new UsageException(
                    "--model %s is for images, and %s has rows of %d numbers; use mlp, or lstm, gru"
                            .formatted(settings.model(), data.name(), data.sampleShape().size())
                        + " or transformer, which read a row as a sequence"));
  }

  /** Two convolutions of 3×3 with pooling behind each, then the hidden layers. */
  private Sequential cnn() {
    Shape image = image();
    List<Module> layers = new ArrayList<>();
    layers.add(new Unflatten(1, 1, image.dim(0), image.dim(1)));
    int height = image.dim(0);
    int width = image.dim(1);
    int channels = 1;
    for (int maps : new int[] {16, 32}) {
      convolution(layers, channels, maps);
      if (settings.residual()) {
        List<Module> again = new ArrayList<>();
        convolution(again, maps, maps);
        layers.add(new Residual(new Sequential(again)));
      }
      if (Math.min(height, width) >= 2) {
        layers.add(new MaxPool2d(2));
        height /= 2;
        width /= 2;
      }
      channels = maps;
    }
    layers.add(new Flatten(1));
    hiddenBehindConvolutions(layers, channels * height * width);
    return new Sequential(layers);
  }

  private void convolution(List<Module> layers, int in, int out) {
    layers.add(new Conv2d(in, out, 3, Conv2dOptions.DEFAULT.padding(1)));
    if (!settings.norm().equals(NetworkSettings.NO_NORM)) {
      layers.add(new BatchNorm2d(out)); // the usual norm of planes
    }
    layers.add(Choices.activation(settings.activation()));
  }

  /** The hidden layers of a convolutional network have no skips of their own. */
  private void hiddenBehindConvolutions(List<Module> layers, int inputs) {
    var plain =
        new NetworkSettings(
            settings.model(),
            settings.hidden(),
            settings.activation(),
            settings.dropout(),
            settings.norm(),
            false);
    new Networks(plain, data, outputs).hidden(layers, inputs);
  }

  /** LeNet-5 (LeCun and others, 1998) with full connections between its maps. */
  private Sequential lenet() {
    Shape image = image();
    int height = (image.dim(0) / 2 - 4) / 2;
    int width = (image.dim(1) / 2 - 4) / 2;
    if (Math.min(height, width) < 1) {
      throw new UsageException(
          "--model lenet needs images of 12×12 or more, and those of %s are %s; use cnn"
              .formatted(data.name(), image));
    }
    List<Module> layers = new ArrayList<>();
    layers.add(new Unflatten(1, 1, image.dim(0), image.dim(1)));
    layers.add(new Conv2d(1, 6, 5, Conv2dOptions.DEFAULT.padding(2)));
    layers.add(new Tanh());
    layers.add(new AvgPool2d(2));
    layers.add(new Conv2d(6, 16, 5));
    layers.add(new Tanh());
    layers.add(new AvgPool2d(2));
    layers.add(new Flatten(1));
    hiddenBehindConvolutions(layers, 16 * height * width);
    return new Sequential(layers);
  }

  // ---------------------------------------------------------------- sequences

  /** Steps × numbers of a step. */
  private int[] sequence() {
    return data.imageShape()
        .map(image -> new int[] {image.dim(0), image.dim(1)})
        .orElseGet(() -> new int[] {data.sampleShape().size(), 1});
  }

  private Sequential recurrent(boolean lstm) {
    int[] sequence = sequence();
    List<Module> layers = new ArrayList<>(List.of(new Unflatten(1, sequence)));
    int width = sequence[1];
    RecurrentOptions options = RecurrentOptions.DEFAULT.batchFirst(true);
    for (int size : settings.hidden()) {
      Module walk = lstm ? new LSTM(width, size, options) : new GRU(width, size, options);
      layers.add(settings.residual() && width == size ? new Residual(walk) : walk);
      if (!settings.norm().equals(NetworkSettings.NO_NORM)) {
        layers.add(new LayerNorm(size)); // batches of sequences are seldom normalised by channel
      }
      if (settings.dropout() > 0) {
        layers.add(new Dropout(settings.dropout()));
      }
      width = size;
    }
    layers.add(new Select(1, -1));
    layers.add(new Linear(width, outputs));
    return new Sequential(layers);
  }

  /** Pre-norm blocks over learned positions, then the mean of the steps. */
  private Sequential transformer() {
    int[] sequence = sequence();
    List<Integer> widths = settings.hidden();
    if (widths.isEmpty()
        || widths.stream().distinct().count() > 1
        || widths.getFirst() % HEADS != 0) {
      throw new UsageException(
          "--hidden of a transformer is its width, a multiple of %d, once for each block, such as"
                  .formatted(HEADS)
              + " 64,64");
    }
    int width = widths.getFirst();
    List<Module> layers = new ArrayList<>();
    layers.add(new Unflatten(1, sequence));
    layers.add(new Linear(sequence[1], width));
    layers.add(new LearnedPositions(sequence[0], width, true));
    for (int block = 0; block < widths.size(); block++) {
      layers.add(
          new TransformerBlock(
              width,
              HEADS,
              TransformerOptions.DEFAULT
                  .batchFirst(true)
                  .normFirst(true)
                  .activation("gelu")
                  .feedForward(4 * width)
                  .dropout(settings.dropout())));
    }
    layers.add(new LayerNorm(width));
    layers.add(new Mean(1));
    layers.add(new Linear(width, outputs));
    return new Sequential(layers);
  }

  // ---------------------------------------------------------------- files

  private Module fromFile() {
    String file = settings.model();
    String text;
    try {
      text = Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UsageException("--model %s: cannot be read as text".formatted(file));
    }
    Module read = Models.build(file, text);
    Tensor row = Tensor.zeros(2, data.sampleShape().size());
    String refusal;
    try {
      return fitting(read, read.predict(row));
    } catch (ShapeException e) {
      refusal = e.getMessage();
    }
    if (data.imageShape().isPresent()) {
      Shape image = image();
      Module seen = new Sequential(new Unflatten(1, 1, image.dim(0), image.dim(1)), read);
      try {
        return fitting(seen, seen.predict(row));
      } catch (ShapeException e) {
        refusal = e.getMessage();
      }
    }
    throw new UsageException(
        "--model %s does not fit rows of %d numbers: %s"
            .formatted(file, data.sampleShape().size(), refusal));
  }

  private Module fitting(Module model, Tensor y) {
    if (y.rank() != 2 || y.size(1) != outputs) {
      throw new UsageException(
          "--model %s gives %s for 2 rows; the data wants 2×%d"
              .formatted(settings.model(), y.shape(), outputs));
    }
    return model;
  }
}
