package chainrule.formats;

import chainrule.data.DataException;
import chainrule.data.Json;
import chainrule.data.Preprocessing;
import chainrule.nn.Module;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Saves and loads trained models: one safetensors file with weights, architecture, preprocessing
 * and class names.
 *
 * <pre>{@code
 * Models.save(model, Path.of("digits.safetensors"));
 * Module again = Models.load(Path.of("digits.safetensors")).model();
 * }</pre>
 *
 * <p>The metadata holds {@code format} (the word chainrule), {@code version} (1), and in JSON
 * {@code architecture}, {@code classes}, {@code training} and, for a table's model, {@code
 * preprocessing}. Loading builds layers of {@link chainrule.nn} only, runs no code that the file
 * names, and compares the sizes that the architecture asks for with the tensors that are there
 * before it builds anything.
 */
public final class Models {
  private static final String FORMAT = "chainrule";
  private static final String VERSION = "1";

  /** A network of a few lines of JSON should not fill the memory. */
  private static final long MOST_NUMBERS = 1_000_000_000L;

  private Models() {}

  /**
   * Saves a model alone, whole or not at all.
   *
   * @throws IllegalArgumentException if a layer is not one of {@link chainrule.nn}, is a function
   *     without a name, or shares parameters with another in a way that a file does not know
   */
  public static void save(Module model, Path path) {
    save(SavedModel.of(model), path);
  }

  /**
   * Saves a model with what belongs to it, whole or not at all.
   *
   * @throws IllegalArgumentException if a layer is not one of {@link chainrule.nn}, or shares
   *     parameters with another in a way that a file does not know, or if the parts do not fit
   *     together
   */
  public static void save(SavedModel saved, Path path) {
    Safetensors.write(path, saved.model().stateDict(), metadata(saved));
  }

  /** The bytes of the file that {@link #save(SavedModel, Path)} writes. */
  public static byte[] bytes(SavedModel saved) {
    return Safetensors.bytes(saved.model().stateDict(), metadata(saved));
  }

  /**
   * Loads a model.
   *
   * @throws FormatException naming the file and the place that is wrong
   */
  public static SavedModel load(Path path) {
    return load(path, Map.of());
  }

  /**
   * Loads a model with the functions that its {@link chainrule.nn.Lambda} layers name.
   *
   * @throws FormatException naming the file and the place that is wrong, or a function that is not
   *     given
   */
  public static SavedModel load(Path path, Map<String, UnaryOperator<Tensor>> functions) {
    String name = path.toString();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return load(name, Source.of(channel), functions);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  /** Loads a model from a file's bytes; the name stands in messages. */
  public static SavedModel parse(String name, byte[] file) {
    return parse(name, file, Map.of());
  }

  /** As {@link #load(Path, Map)}, from a file's bytes; the name stands in messages. */
  public static SavedModel parse(
      String name, byte[] file, Map<String, UnaryOperator<Tensor>> functions) {
    try {
      return load(name, Source.of(file), functions);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  /**
   * A network's structure as JSON, without its weights: {@code {"type": …, "config": {…},
   * "children": {…}}}, the last two where they are not empty.
   *
   * @throws IllegalArgumentException if a layer is not one of {@link chainrule.nn}
   */
  public static String architecture(Module model) {
    return Json.write(Architecture.describe(model));
  }

  /**
   * Builds the network that a JSON text describes, with the weights that it starts with; the name
   * stands in messages.
   *
   * @throws FormatException naming the place that is wrong
   */
  public static Module build(String name, String json) {
    try {
      Architecture architecture = Architecture.parse(name, Json.parse(name, json));
      long numbers = 0;
      for (Map.Entry<String, int[]> tensor : architecture.tensors().entrySet()) {
        double size = 1;
        for (int dim : tensor.getValue()) {
          size *= dim;
        }
        if (size > Integer.MAX_VALUE) {
          throw Header.fault(name, "'%s' would have %.0f numbers".formatted(tensor.getKey(), size));
        }
        numbers += (long) size;
      }
      if (numbers > MOST_NUMBERS) {
        throw Header.fault(
            name, "%d numbers are more than the %d allowed".formatted(numbers, MOST_NUMBERS));
      }
      return architecture.build();
    } catch (FormatException e) {
      throw e;
    } catch (DataException e) {
      throw FormatException.of(e);
    }
  }

  private static Map<String, String> metadata(SavedModel saved) {
    Preprocessing preprocessing = saved.preprocessing();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("version", VERSION);
    metadata.put("architecture", Json.write(Architecture.describe(saved.model())));
    if (preprocessing != null) {
      metadata.put("preprocessing", Json.write(preprocessing.toMap()));
    }
    metadata.put("classes", Json.write(saved.classNames()));
    metadata.put("training", Json.write(saved.training()));

    Description description = description("model", metadata);
    Map<String, int[]> shapes = description.architecture().tensors();
    Map<String, Tensor> state = saved.model().stateDict();
    if (!shapes.keySet().equals(state.keySet())) {
      throw new IllegalArgumentException(
          "a model file can hold a layer in two places and a Linear with another's weight, but no"
              + " other layers that share parameters");
    }
    return metadata;
  }

  /** What the metadata says. */
  private record Description(
      Architecture architecture,
      Optional<Preprocessing> preprocessing,
      List<String> classes,
      Map<String, Object> training) {}

  private static Description description(String name, Map<String, String> metadata) {
    if (!FORMAT.equals(metadata.get("format"))) {
      throw Header.fault(
          name, "the tensors come without a model: the metadata does not say format chainrule");
    }
    String version = metadata.getOrDefault("version", "");
    if (!version.equals(VERSION)) {
      throw Header.fault(
          name, "model version %s is not read; 1 is".formatted(DataException.quote(version)));
    }
    try {
      String place = name + ": architecture";
      Architecture architecture =
          Architecture.parse(place, Json.parse(place, text(name, metadata, "architecture")));
      List<String> classes =
          Json.strings(
              name + ": classes", Json.parse(name + ": classes", text(name, metadata, "classes")));
      Map<String, Object> training =
          Json.parseObject(name + ": training", text(name, metadata, "training"));
      String steps = metadata.get("preprocessing");
      Optional<Preprocessing> preprocessing =
          steps == null ? Optional.empty() : Optional.of(preprocessing(name, steps));
      Description description = new Description(architecture, preprocessing, classes, training);
      checkFit(name, description);
      return description;
    } catch (FormatException e) {
      throw e;
    } catch (DataException e) {
      throw FormatException.of(e);
    }
  }

  private static Preprocessing preprocessing(String name, String json) {
    String place = name + ": preprocessing";
    return Preprocessing.fromMap(place, Json.parseObject(place, json));
  }

  private static String text(String name, Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw Header.fault(name, "the metadata has no " + key);
    }
    return text;
  }

  /** Whether preprocessing, network and class names agree about sizes and names. */
  private static void checkFit(String name, Description d) {
    List<int[]> sizes = d.architecture().linearSizes();
    if (d.preprocessing().isPresent()) {
      Preprocessing steps = d.preprocessing().get();
      if (!steps.classNames().equals(d.classes())) {
        throw Header.fault(name, "the preprocessing and the model have different classes");
      }
      OptionalLong width = d.architecture().rowWidth();
      if (width.isPresent() && width.getAsLong() != steps.width()) {
        throw Header.fault(
            name,
            "the preprocessing makes %d columns, the first layer takes %d"
                .formatted(steps.width(), width.getAsLong()));
      }
    }
    int classes = d.classes().size();
    if (classes > 0 && !sizes.isEmpty()) {
      int outputs = sizes.getLast()[1];
      if (outputs != classes && !(classes == 2 && outputs == 1)) {
        throw Header.fault(
            name,
            "there are %d class names, the last linear layer has %d outputs"
                .formatted(classes, outputs));
      }
    }
  }

  private static SavedModel load(
      String name, Source source, Map<String, UnaryOperator<Tensor>> functions) throws IOException {
    Header header = Header.read(name, source);
    Description description = description(name, header.metadata());
    DType dtype = checkTensors(name, header, description.architecture());
    Map<String, Tensor> tensors = Safetensors.read(name, source, header).tensors();
    Module model =
        Module.in(
            dtype,
            () ->
                ScopedValue.where(Layers.FUNCTIONS, functions)
                    .call(description.architecture()::build));
    model.loadStateDict(tensors);
    @Nullable Preprocessing preprocessing = description.preprocessing().orElse(null);
    return new SavedModel(model, preprocessing, description.classes(), description.training());
  }

  /** Compares the tensors that the architecture asks for with those of the file. */
  private static DType checkTensors(String name, Header header, Architecture architecture) {
    Map<String, int[]> shapes = architecture.tensors();
    Optional<Header.Type> common =
        header.entries().values().stream().map(Header.Entry::type).findFirst();
    for (Map.Entry<String, int[]> expected : shapes.entrySet()) {
      Header.Entry entry = header.entries().get(expected.getKey());
      String place = name + ": tensor " + DataException.quote(expected.getKey());
      if (entry == null) {
        throw Header.fault(place, "is missing, the architecture needs it");
      }
      if (!Arrays.equals(entry.shape(), expected.getValue())) {
        throw Header.fault(
            place,
            "is of shape %s, the architecture needs %s"
                .formatted(
                    entry.shapeText(),
                    new Header.Entry(entry.type(), expected.getValue(), 0, 0).shapeText()));
      }
      if (entry.type() != common.orElseThrow()) {
        throw Header.fault(place, "all tensors of a model must be of one type, F32 or F64");
      }
    }
    for (String found : header.entries().keySet()) {
      if (!shapes.containsKey(found)) {
        throw Header.fault(
            name + ": tensor " + DataException.quote(found), "is not in the architecture");
      }
    }
    Header.Type type = common.orElse(Header.Type.F32);
    if (type != Header.Type.F32 && type != Header.Type.F64) {
      throw Header.fault(name, "the tensors of a model must be F32 or F64, not " + type);
    }
    return type == Header.Type.F32 ? DType.F32 : DType.F64;
  }
}
