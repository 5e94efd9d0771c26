package chainrule.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.math.Philox;
import chainrule.nn.AdaptiveAvgPool2d;
import chainrule.nn.AvgPool1d;
import chainrule.nn.AvgPool2d;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.BatchNorm2d;
import chainrule.nn.BatchNormOptions;
import chainrule.nn.Bilinear;
import chainrule.nn.CELU;
import chainrule.nn.Concat;
import chainrule.nn.Conv1d;
import chainrule.nn.ConvTranspose2d;
import chainrule.nn.Embedding;
import chainrule.nn.Flatten;
import chainrule.nn.FlattenConsecutive;
import chainrule.nn.GLU;
import chainrule.nn.GroupNorm;
import chainrule.nn.Hardshrink;
import chainrule.nn.Hardtanh;
import chainrule.nn.Identity;
import chainrule.nn.InstanceNorm1d;
import chainrule.nn.InstanceNorm2d;
import chainrule.nn.InstanceNormOptions;
import chainrule.nn.Lambda;
import chainrule.nn.LayerNorm;
import chainrule.nn.Linear;
import chainrule.nn.MaxPool1d;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Module;
import chainrule.nn.PReLU;
import chainrule.nn.Parallel;
import chainrule.nn.RMSNorm;
import chainrule.nn.Residual;
import chainrule.nn.Sequential;
import chainrule.nn.Softmin;
import chainrule.nn.Softplus;
import chainrule.nn.Softshrink;
import chainrule.nn.Tanhshrink;
import chainrule.nn.Threshold;
import chainrule.nn.Unflatten;
import chainrule.tensor.Conv1dOptions;
import chainrule.tensor.ConvTranspose2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import chainrule.tensor.Window1d;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Layers come back from a file with their options, and old files without the newer options. */
class LayerFilesTest {
  private static void comesBack(Module model, Tensor x) {
    model.init(3);
    Module back = Models.parse("m", Models.bytes(SavedModel.of(model))).model();
    assertThat(back).hasToString(model.toString());
    assertThat(back.stateDict().keySet()).isEqualTo(model.stateDict().keySet());
    assertThat(back.predict(x).sameBits(model.predict(x))).isTrue();
  }

  private static Tensor randn(int... shape) {
    return Tensor.randn(DType.F32, new Philox(5), shape);
  }

  /** Every layer of the package is known to model files; a function is the exception. */
  @Test
  void noLayerIsForgotten() throws Exception {
    Path classes =
        Path.of(Objects.requireNonNull(Module.class.getResource("Module.class")).toURI())
            .getParent();
    List<String> missing = new ArrayList<>();
    int found = 0;
    try (var files = Files.list(classes)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        Class<?> type = name.contains("$") ? Object.class : Class.forName("chainrule.nn." + name);
        if (Module.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
          found++;
          if (Layers.find(name) == null) {
            missing.add(name);
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(found).isGreaterThan(50);
  }

  @Test
  void imagesAndSequences() {
    var spread =
        ConvTranspose2dOptions.DEFAULT
            .stride(2, 1)
            .padding(1, 0)
            .outputPadding(1, 0)
            .dilation(1, 2);
    comesBack(
        new Sequential(
            new ConvTranspose2d(2, 4, 3, 2, spread.groups(2), false),
            new ConvTranspose2d(4, 4, 2),
            new BatchNorm2d(4),
            new PReLU(4, 0.1),
            new MaxPool2d(Window.of(2).stride(2).ceilMode(true)),
            new AvgPool2d(Window.of(3, 2).stride(2).padding(1).ceilMode(true), false),
            new InstanceNorm2d(4),
            new AdaptiveAvgPool2d(2, 3),
            new Flatten(),
            new Unflatten(1, 4, 6),
            new GroupNorm(2, 4),
            new GroupNorm(4, 4, 1e-3, false)),
        randn(1, 2, 9, 8));
    var options = new Conv1dOptions(2, 1, 2, 2);
    comesBack(
        new Sequential(
            new Conv1d(2, 4, 3, options, false),
            new Conv1d(4, 6, 2),
            new GLU(1),
            new InstanceNorm1d(3, new InstanceNormOptions(1e-4, 0.2, true, true)),
            new MaxPool1d(new Window1d(2, 1, 1, 2, true)),
            new AvgPool1d(Window1d.of(2).stride(2).ceilMode(true), false)),
        randn(2, 2, 40));
  }

  @Test
  void indicesBranchesAndNorms() {
    comesBack(
        new Sequential(new Embedding(5, 4), new FlattenConsecutive(2), new Bilinear(3, 5, 2)),
        Tensor.of(new int[] {0, 1, 2, 4}, 2, 2));
    comesBack(new Embedding(5, 4, 2), Tensor.of(new int[] {2, 3}));
    comesBack(
        new Sequential(
            new Residual(new LayerNorm(new int[] {6}, 1e-3, true, false), new RMSNorm(6)),
            new Parallel(new LayerNorm(new int[] {6}, 1e-5, false, false), new Identity()),
            new Concat(-1, new RMSNorm(new int[] {6}, 1e-4, false), new BatchNorm1d(6)),
            new BatchNorm1d(12, new BatchNormOptions(1e-4, 0.2, false, true))),
        randn(4, 6));
  }

  @Test
  void activations() {
    comesBack(
        new Sequential(
            new CELU(0.5),
            new Softshrink(0.1),
            new Hardshrink(0.2),
            new Tanhshrink(),
            new Threshold(0.1, -3),
            new Hardtanh(-2, 0.5),
            new Softplus(3),
            new Softmin(1)),
        randn(3, 5));
  }

  @Test
  void filesFromBeforeAnOptionCameAreRead() {
    String architecture =
        """
        {"type":"Sequential","children":{
          "0":{"type":"BatchNorm1d","config":{"channels":2,"eps":1e-5,"momentum":0.1}},
          "1":{"type":"LayerNorm","config":{"shape":[2],"eps":1e-5}},
          "2":{"type":"Hardtanh"},
          "3":{"type":"Softplus"}}}\
        """;
    Tensor two = Tensor.ones(2);
    byte[] file =
        Safetensors.bytes(
            Map.of(
                "0.weight",
                two,
                "0.bias",
                two,
                "0.running_mean",
                two,
                "0.running_var",
                two,
                "1.weight",
                two,
                "1.bias",
                two),
            Map.of(
                "format",
                "chainrule",
                "version",
                "1",
                "architecture",
                architecture,
                "classes",
                "[]",
                "training",
                "{}"));
    assertThat(Models.parse("m", file).model())
        .hasToString(
            new Sequential(new BatchNorm1d(2), new LayerNorm(2), new Hardtanh(), new Softplus())
                .toString());
  }

  @Test
  void tiedWeightsAndSharedLayersComeBackAsOne() {
    Embedding words = new Embedding(7, 4);
    LayerNorm norm = new LayerNorm(4);
    Module block = new Residual(new Sequential(norm, new Linear(4, 4)));
    Module model =
        new Sequential(words, block, norm, block, new Linear(words.weight(), true)).init(5);
    Tensor x = Tensor.of(new int[] {0, 3, 6});
    Module back = Models.parse("m", Models.bytes(SavedModel.of(model))).model();
    assertThat(back.predict(x).sameBits(model.predict(x))).isTrue();
    assertThat(back.parameterCount()).isEqualTo(28 + 8 + 20 + 7);
    assertThat(back.stateDict().keySet())
        .containsExactly(
            "0.weight",
            "1.body.0.weight",
            "1.body.0.bias",
            "1.body.1.weight",
            "1.body.1.bias",
            "4.bias");
    assertThat(back.children().get("3")).isSameAs(back.children().get("1"));
    Linear head = (Linear) Objects.requireNonNull(back.children().get("4"));
    assertThat(head.weight()).isSameAs(back.parameters().getFirst());
    assertThat(Models.bytes(SavedModel.of(back))).isEqualTo(Models.bytes(SavedModel.of(model)));
  }

  private static void refused(String json, String sentence) {
    assertThatThrownBy(() -> Models.build("net.json", json.replace('\'', '"')))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("net.json")
        .hasMessageContaining(sentence);
  }

  @Test
  void whatIsSharedMustComeBefore() {
    String linear = "{'type':'Linear','config':{'in':%d,'out':%d,'bias':false}%s}";
    String two = "{'type':'Sequential','children':{'0':%s,'1':%s}}";
    String plain = linear.formatted(2, 3, "");
    refused(two.formatted("{'same':'1'}", plain), "no layer before this one has the path '1'");
    refused(two.formatted(plain, "{'same':''}"), "no layer before this one has the path ''");
    refused(two.formatted(plain, "{'same':7}"), "no layer before this one has the path '7'");
    refused("{'same':''}", "no layer before this one has the path ''");
    String tied = linear.formatted(2, 3, ",'shared':{'weight':'%s'}");
    refused(two.formatted(plain, tied.formatted("1.weight")), "owns '1.weight'");
    refused(two.formatted(plain, tied.formatted("0.bias")), "owns '0.bias'");
    refused(two.formatted(plain, tied.formatted("weight")), "owns 'weight'");
    String wide = linear.formatted(2, 4, ",'shared':{'weight':'0.weight'}");
    refused(two.formatted(plain, wide), "'0.weight' has another shape than this weight");
    refused(
        two.formatted(plain, "{'type':'ReLU','shared':{'weight':'0.weight'}}"),
        "only the weight of a Linear");
    Module good =
        Models.build(
            "net.json", two.formatted(plain, tied.formatted("0.weight")).replace('\'', '"'));
    assertThat(good.parameterCount()).isEqualTo(6);
  }

  @Test
  void aFunctionIsSavedByItsName() {
    assertThatThrownBy(() -> Models.bytes(SavedModel.of(new Sequential(new Lambda(Tensor::neg)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a function without a name; give it one");
    Module model = new Sequential(new Linear(2, 2), new Lambda("negative", Tensor::neg));
    byte[] file = Models.bytes(SavedModel.of(model));
    assertThatThrownBy(() -> Models.parse("net", file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("net: architecture: layer '1' (Lambda)")
        .hasMessageContaining("the function 'negative' is not given");
    Module again = Models.parse("net", file, Map.of("negative", Tensor::neg)).model();
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
    assertThat(again.forward(x).sameBits(model.forward(x))).isTrue();
  }
}
