package chainrule.formats;

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
import chainrule.tensor.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The layers that a model file may name: how each is built and which tensors it holds. */
final class Layers {
  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  private Layers() {}

  /** Builds a layer from its options and its children, which are already built. */
  interface Builder {
    Module build(Config config, List<Module> children);
  }

  /** The shapes of a layer's own tensors by name, from its options. */
  interface Tensors {
    Map<String, int[]> of(Config config);
  }

  /** Which children a layer has; its own are parts that follow from its options. */
  enum Children {
    NONE,
    BODY,
    NUMBERED,
    OWN
  }

  /**
   * One kind of layer.
   *
   * @param type the class that is meant by the name
   * @param options the names of its options, all of which must be there
   */
  record Kind(
      Class<? extends Module> type,
      Set<String> options,
      Children children,
      Tensors tensors,
      Builder builder) {}

  static @Nullable Kind find(String type) {
    return KINDS.get(type);
  }

  static String known() {
    return String.join(", ", KINDS.keySet());
  }

  static {
    add(
        Sequential.class,
        Set.of(),
        Children.NUMBERED,
        config -> Map.of(),
        (config, children) -> new Sequential(children));
    add(
        Residual.class,
        Set.of(),
        Children.BODY,
        config -> Map.of(),
        (config, children) -> new Residual(children.getFirst()));
    add(
        Linear.class,
        Set.of("in", "out", "bias"),
        Children.NONE,
        Layers::linear,
        (config, children) ->
            new Linear(config.size("in"), config.size("out"), config.bool("bias")));
    add(
        BatchNorm1d.class,
        Set.of("channels", "eps", "momentum"),
        Children.NONE,
        config ->
            same(
                new int[] {config.size("channels")},
                "weight",
                "bias",
                "running_mean",
                "running_var"),
        (config, children) ->
            new BatchNorm1d(
                config.size("channels"), config.number("eps"), config.number("momentum")));
    add(
        LayerNorm.class,
        Set.of("shape", "eps"),
        Children.NONE,
        config -> same(config.sizes("shape"), "weight", "bias"),
        (config, children) -> new LayerNorm(config.sizes("shape"), config.number("eps")));
    add(
        Conv2d.class,
        Set.of("in", "out", "kernel", "stride", "padding", "dilation", "groups", "bias"),
        Children.NONE,
        Layers::conv2d,
        (config, children) -> {
          int[] kernel = config.pair("kernel", 1);
          Window window = window(config, config.pair("dilation", 1));
          var options =
              new Conv2dOptions(
                  window.strideH(),
                  window.strideW(),
                  window.paddingH(),
                  window.paddingW(),
                  window.dilationH(),
                  window.dilationW(),
                  config.size("groups"));
          return new Conv2d(
              config.size("in"),
              config.size("out"),
              kernel[0],
              kernel[1],
              options,
              config.bool("bias"));
        });
    add(
        MaxPool2d.class,
        Set.of("kernel", "stride", "padding", "dilation"),
        Children.NONE,
        config -> Map.of(),
        (config, children) -> new MaxPool2d(window(config, config.pair("dilation", 1))));
    add(
        AvgPool2d.class,
        Set.of("kernel", "stride", "padding", "countIncludePad"),
        Children.NONE,
        config -> Map.of(),
        (config, children) -> new AvgPool2d(window(config, 1, 1), config.bool("countIncludePad")));
    option(Dropout.class, "p", config -> new Dropout(config.number("p")));
    option(Flatten.class, "from", config -> new Flatten(config.dim("from")));
    option(Softmax.class, "dim", config -> new Softmax(config.dim("dim")));
    option(LogSoftmax.class, "dim", config -> new LogSoftmax(config.dim("dim")));
    option(ELU.class, "alpha", config -> new ELU(config.number("alpha")));
    option(LeakyReLU.class, "slope", config -> new LeakyReLU(config.number("slope")));
    option(GELU.class, "approximate", config -> new GELU(config.text("approximate")));
    SequenceLayers.add();
    plain(Identity.class, Identity::new);
    plain(ReLU.class, ReLU::new);
    plain(ReLU6.class, ReLU6::new);
    plain(Tanh.class, Tanh::new);
    plain(Sigmoid.class, Sigmoid::new);
    plain(LogSigmoid.class, LogSigmoid::new);
    plain(SELU.class, SELU::new);
    plain(SiLU.class, SiLU::new);
    plain(Mish.class, Mish::new);
    plain(Softplus.class, Softplus::new);
    plain(Softsign.class, Softsign::new);
    plain(Hardtanh.class, Hardtanh::new);
    plain(Hardsigmoid.class, Hardsigmoid::new);
    plain(Hardswish.class, Hardswish::new);
  }

  private interface OneOption {
    Module build(Config config);
  }

  private static void plain(Class<? extends Module> type, Supplier<? extends Module> build) {
    add(type, Set.of(), Children.NONE, config -> Map.of(), (config, children) -> build.get());
  }

  private static void option(Class<? extends Module> type, String option, OneOption build) {
    add(
        type,
        Set.of(option),
        Children.NONE,
        config -> Map.of(),
        (config, children) -> build.build(config));
  }

  static void add(
      Class<? extends Module> type,
      Set<String> options,
      Children children,
      Tensors tensors,
      Builder builder) {
    KINDS.put(type.getSimpleName(), new Kind(type, options, children, tensors, builder));
  }

  private static Map<String, int[]> linear(Config config) {
    int in = config.size("in");
    int out = config.size("out");
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("weight", new int[] {out, in});
    if (config.bool("bias")) {
      shapes.put("bias", new int[] {out});
    }
    return shapes;
  }

  private static Window window(Config config, int... dilation) {
    int[] kernel = config.pair("kernel", 1);
    int[] stride = config.pair("stride", 1);
    int[] padding = config.pair("padding", 0);
    return Window.of(kernel[0], kernel[1])
        .stride(stride[0], stride[1])
        .padding(padding[0], padding[1])
        .dilation(dilation[0], dilation[1]);
  }

  private static Map<String, int[]> conv2d(Config config) {
    int out = config.size("out");
    int[] kernel = config.pair("kernel", 1);
    Map<String, int[]> shapes = new LinkedHashMap<>();
    int channels = config.size("in") / config.size("groups");
    shapes.put("weight", new int[] {out, channels, kernel[0], kernel[1]});
    if (config.bool("bias")) {
      shapes.put("bias", new int[] {out});
    }
    return shapes;
  }

  /** Tensors of one shape, in the given order. */
  static Map<String, int[]> same(int[] shape, String... names) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (String name : names) {
      shapes.put(name, shape);
    }
    return shapes;
  }
}
