package chainrule.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.data.Json;
import chainrule.data.TableOptions;
import chainrule.data.Tabular;
import chainrule.nn.AvgPool2d;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Conv2d;
import chainrule.nn.Dropout;
import chainrule.nn.ELU;
import chainrule.nn.Flatten;
import chainrule.nn.GELU;
import chainrule.nn.Hardsigmoid;
import chainrule.nn.Hardswish;
import chainrule.nn.Hardtanh;
import chainrule.nn.Identity;
import chainrule.nn.LayerNorm;
import chainrule.nn.LeakyReLU;
import chainrule.nn.Linear;
import chainrule.nn.LogSigmoid;
import chainrule.nn.LogSoftmax;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Mish;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.ReLU6;
import chainrule.nn.Residual;
import chainrule.nn.SELU;
import chainrule.nn.Sequential;
import chainrule.nn.SiLU;
import chainrule.nn.Sigmoid;
import chainrule.nn.Softmax;
import chainrule.nn.Softplus;
import chainrule.nn.Softsign;
import chainrule.nn.Tanh;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
  static SavedModel iris() {
    Tabular iris = Tabular.prepare(Datasets.irisTable(), TableOptions.target("species"), 0.2, 3);
    Module model =
        new Sequential(
                new Linear(4, 8),
                new BatchNorm1d(8),
                new ReLU(),
                new Residual(new Sequential(new LayerNorm(8), new Linear(8, 8, false), new Tanh())),
                new Dropout(0.25),
                new Linear(8, 3))
            .init(11);
    return new SavedModel(
        model, iris.preprocessing(), iris.train().classNames(), Map.of("seed", 11L));
  }

  private static void refused(byte[] file, String message) {
    assertThatThrownBy(() -> Models.parse("m.st", file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("m.st:")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void aModelComesBackWhole(@TempDir Path folder) throws Exception {
    SavedModel saved = iris();
    Path path = folder.resolve("iris.safetensors");
    Models.save(saved, path);
    SavedModel loaded = Models.load(path);
    assertThat(loaded.model()).hasToString(saved.model().toString());
    assertThat(loaded.preprocessing()).isEqualTo(saved.preprocessing());
    assertThat(loaded.classNames()).containsExactly("setosa", "versicolor", "virginica");
    assertThat(loaded.training()).isEqualTo(Map.of("seed", 11L));
    Dataset flowers = Datasets.iris();
    assertThat(loaded.model().predict(flowers.x()).sameBits(saved.model().predict(flowers.x())))
        .isTrue();
    assertThat(Models.bytes(loaded)).isEqualTo(Files.readAllBytes(path));
    assertThat(Models.bytes(iris())).isEqualTo(Files.readAllBytes(path));
  }

  @Test
  void everyLayerCanBeSaved() {
    Module model =
        new Sequential(
            new Flatten(),
            new Linear(6, 6),
            new ReLU(),
            new ReLU6(),
            new Tanh(),
            new Sigmoid(),
            new LogSigmoid(),
            new SELU(),
            new SiLU(),
            new Mish(),
            new Softplus(),
            new Softsign(),
            new Hardtanh(),
            new Hardsigmoid(),
            new Hardswish(),
            new Identity(),
            new ELU(0.5),
            new LeakyReLU(0.2),
            new GELU("tanh"),
            new LayerNorm(new int[] {6}, 1e-3),
            new BatchNorm1d(6, 1e-4, 0.2),
            new Dropout(0.5),
            new Residual(new Softmax(-1)),
            new LogSoftmax(1));
    Module back = Models.parse("m", Models.bytes(SavedModel.of(model))).model();
    assertThat(back).hasToString(model.toString());
    Tensor x = Tensor.of(new float[12], 2, 2, 3).add(0.5f);
    assertThat(back.predict(x).sameBits(model.predict(x))).isTrue();
  }

  @Test
  void layersOfImagesComeBackWithTheirOptions() throws Exception {
    var options = Conv2dOptions.DEFAULT.stride(1, 2).padding(1, 0).dilation(2, 1).groups(2);
    Module model =
        new Sequential(
                new Conv2d(2, 4, 3, 2, options, false),
                new Conv2d(4, 2, 1),
                new MaxPool2d(Window.of(2, 3).stride(1, 2).padding(1).dilation(2, 1)),
                new AvgPool2d(Window.of(2).stride(2).padding(1), false),
                new AvgPool2d(1))
            .init(3);
    Module back = Models.parse("m", Models.bytes(SavedModel.of(model))).model();
    assertThat(back).hasToString(model.toString());
    Tensor x = Tensor.ones(1, 2, 9, 11);
    assertThat(back.predict(x).sameBits(model.predict(x))).isTrue();
    String layer =
        "{'type':'Conv2d','config':{'in':3,'out':2,'kernel':%s,'stride':[1,1],'padding':[0,0],"
            + "'dilation':[1,1],'groups':1,'bias':false}}";
    badArchitecture(layer.formatted("[2]"), "kernel: a list of 2 numbers from 1 up is expected");
    badArchitecture(layer.formatted("[2,0]"), "kernel: a list of 2 numbers from 1 up is expected");
    badArchitecture(layer.formatted("[1,1]"), "the architecture needs 2×3×1×1");
  }

  @Test
  void dtypeAndModelsWithoutWeightsAreKept() {
    Module f64 = Module.in(DType.F64, () -> new Sequential(new Linear(2, 3), new BatchNorm1d(3)));
    Module back = Models.parse("m", Models.bytes(SavedModel.of(f64))).model();
    assertThat(back.parameters().getFirst().dtype()).isEqualTo(DType.F64);
    assertThat(Models.bytes(SavedModel.of(back))).isEqualTo(Models.bytes(SavedModel.of(f64)));
    assertThat(Models.parse("m", Models.bytes(SavedModel.of(new Sequential()))).model())
        .hasToString("Sequential()");
  }

  private static final class Own extends Module {
    @Override
    protected Tensor compute(Tensor x) {
      return x;
    }
  }

  @Test
  void savingRefusesWhatCouldNotBeLoaded(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("m");
    assertThatThrownBy(() -> Models.save(new Sequential(new Own()), path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a model file cannot hold the layer type Own");
    SavedModel misfit = new SavedModel(new Linear(2, 2), null, List.of("a", "b", "c"), Map.of());
    assertThatThrownBy(() -> Models.save(misfit, path))
        .hasMessageContaining("3 class names, the last linear layer has 2 outputs");
    SavedModel odd = new SavedModel(new Linear(2, 2), null, List.of(), Map.of("x", Double.NaN));
    assertThatThrownBy(() -> Models.save(odd, path)).hasMessageContaining("training");
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  /** A model file of one tensor, with metadata to be changed. */
  private static byte[] changed(String key, String value) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "chainrule");
    metadata.put("version", "1");
    metadata.put(
        "architecture", "{\"type\":\"Linear\",\"config\":{\"in\":2,\"out\":3,\"bias\":false}}");
    metadata.put("classes", "[]");
    metadata.put("training", "{}");
    metadata.put(key, value.replace('\'', '"'));
    return Safetensors.bytes(Map.of("weight", Tensor.of(new float[6], 3, 2)), metadata);
  }

  private static String linear(String in, String out, String bias) {
    return "{'type':'Linear','config':{'in':%s,'out':%s,'bias':%s}}".formatted(in, out, bias);
  }

  private static void badArchitecture(String architecture, String message) {
    refused(changed("architecture", architecture), message);
  }

  @Test
  void sizesAreComparedBeforeAnythingIsBuilt() {
    assertThat(Models.parse("m", changed("classes", "[]")).model().parameterCount()).isEqualTo(6);
    badArchitecture(
        linear("2147483639", "2147483639", "false"),
        "tensor 'weight': is of shape 3×2, the architecture needs 2147483639×2147483639");
    badArchitecture(linear("2147483648", "3", "false"), "in: a size from 1 up is expected");
    badArchitecture(linear("2", "0", "false"), "out: a size from 1 up is expected");
    badArchitecture(linear("2", "3", "true"), "tensor 'bias': is missing");
    badArchitecture("{'type':'ReLU'}", "tensor 'weight': is not in the architecture");
    badArchitecture(
        "{'type':'LayerNorm','config':{'shape':[100000,100000,100000],'eps':1e-5}}",
        "is of shape 3×2, the architecture needs 100000×100000×100000");
  }

  @Test
  void refusesArchitecturesThatAreNone() {
    badArchitecture("{'type':'Exec'}", "the layer type 'Exec' is not known; known are Sequential,");
    badArchitecture("{'type':'java.lang.Runtime'}", "is not known");
    badArchitecture("[]", "an object with type, config and children");
    badArchitecture("{}", "the type of the layer is missing");
    badArchitecture("{'type':'ReLU','code':'x'}", "an object with type, config and children");
    badArchitecture("{'type':'ReLU','config':{'x':1}}", "the option 'x' is not known");
    badArchitecture("{'type':'ReLU','children':{'0':{'type':'ReLU'}}}", "has no children");
    badArchitecture("{'type':'Residual'}", "a child named body");
    badArchitecture(
        "{'type':'Sequential','children':{'1':" + linear("2", "3", "false") + "}}",
        "children named 0, 1, …");
    badArchitecture("{'type':'Linear','config':{'in':2,'out':3}}", "the option 'bias' is missing");
    badArchitecture(linear("2", "3", "'no'"), "bias: true or false is expected");
    badArchitecture(linear("2.0", "3", "false"), "in: a size");
    String many = "{'type':'ReLU'},".repeat(2);
    badArchitecture("[" + many + "0]", "an object with type");
    StringBuilder deep = new StringBuilder();
    deep.repeat("{'type':'Residual','children':{'body':", 40).append("{'type':'ReLU'}");
    badArchitecture(deep.repeat("}}", 40).toString(), "architecture:1: not JSON");
    StringBuilder wide = new StringBuilder("{'type':'Sequential','children':{'0':{'type':'ReLU'}");
    for (int i = 1; i <= 10_000; i++) {
      wide.append(",'").append(i).append("':{'type':'ReLU'}");
    }
    badArchitecture(wide.append("}}").toString(), "more than 10000 layers");
  }

  @Test
  void optionsOutOfRangeNameTheLayer() {
    String dropout =
        "{'type':'Sequential','children':{'0':%s,'1':{'type':'Dropout','config':{'p':1.5}}}}";
    Map<String, String> metadata = new LinkedHashMap<>();
    Safetensors good = Safetensors.parse("m", changed("classes", "[]"));
    metadata.putAll(good.metadata());
    metadata.put("architecture", dropout.formatted(linear("2", "3", "false")).replace('\'', '"'));
    byte[] file = Safetensors.bytes(Map.of("0.weight", good.tensors().get("weight")), metadata);
    refused(file, "layer '1' (Dropout): Dropout: p must be in [0, 1], got 1.5");
  }

  @Test
  void refusesMetadataThatDoesNotFit() {
    refused(changed("format", "pt"), "does not say format chainrule");
    refused(changed("version", "2"), "model version '2' is not read");
    refused(changed("classes", "['a','b']"), "2 class names, the last linear layer has 3 outputs");
    refused(changed("classes", "{}"), "m.st: classes: a list is expected");
    refused(changed("training", "[]"), "m.st: training: an object is expected");
    refused(changed("preprocessing", "{}"), "m.st: preprocessing:");
    String steps = Json.write(iris().preprocessing().toMap());
    refused(changed("preprocessing", steps), "different classes");
    refused(
        Safetensors.bytes(
            Map.of("weight", Tensor.of(new int[6], 3, 2)),
            Safetensors.parse("m", changed("classes", "[]")).metadata()),
        "must be F32 or F64, not I32");
  }
}
