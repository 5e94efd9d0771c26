package chainrule.formats;

import chainrule.data.DataException;
import chainrule.nn.Bilinear;
import chainrule.nn.CELU;
import chainrule.nn.Concat;
import chainrule.nn.Dropout;
import chainrule.nn.ELU;
import chainrule.nn.Embedding;
import chainrule.nn.Flatten;
import chainrule.nn.FlattenConsecutive;
import chainrule.nn.GELU;
import chainrule.nn.GLU;
import chainrule.nn.Hardshrink;
import chainrule.nn.Hardsigmoid;
import chainrule.nn.Hardswish;
import chainrule.nn.Hardtanh;
import chainrule.nn.Identity;
import chainrule.nn.Lambda;
import chainrule.nn.LeakyReLU;
import chainrule.nn.Linear;
import chainrule.nn.LogSigmoid;
import chainrule.nn.LogSoftmax;
import chainrule.nn.Mish;
import chainrule.nn.Module;
import chainrule.nn.PReLU;
import chainrule.nn.Parallel;
import chainrule.nn.ReLU;
import chainrule.nn.ReLU6;
import chainrule.nn.Residual;
import chainrule.nn.SELU;
import chainrule.nn.Sequential;
import chainrule.nn.SiLU;
import chainrule.nn.Sigmoid;
import chainrule.nn.Softmax;
import chainrule.nn.Softmin;
import chainrule.nn.Softplus;
import chainrule.nn.Softshrink;
import chainrule.nn.Softsign;
import chainrule.nn.Tanh;
import chainrule.nn.Tanhshrink;
import chainrule.nn.Threshold;
import chainrule.nn.Unflatten;
import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The layers that a model file may name: how each is built and which tensors it holds. */
final class Layers {
  /** The functions that layers which are being built may name. */
  static final ScopedValue<Map<String, UnaryOperator<Tensor>>> FUNCTIONS =
      ScopedValue.newInstance();

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
        (config, children) ->
            children.size() == 1
                ? new Residual(children.getFirst())
                : new Residual(children.getFirst(), children.getLast()));
    add(
        Concat.class,
        Set.of("dim"),
        Children.NUMBERED,
        config -> Map.of(),
        (config, children) -> new Concat(config.dim("dim"), children));
    add(
        Parallel.class,
        Set.of(),
        Children.NUMBERED,
        config -> Map.of(),
        (config, children) -> new Parallel(children));
    add(
        Linear.class,
        Set.of("in", "out", "bias"),
        Children.NONE,
        Layers::linear,
        (config, children) ->
            new Linear(config.size("in"), config.size("out"), config.bool("bias")));
    add(
        Bilinear.class,
        Set.of("in1", "in2", "out", "bias"),
        Children.NONE,
        Layers::bilinear,
        (config, children) ->
            new Bilinear(
                config.size("in1"), config.size("in2"), config.size("out"), config.bool("bias")));
    add(
        Embedding.class,
        Set.of("num", "dim", "paddingIdx"),
        Children.NONE,
        config -> same(new int[] {config.size("num"), config.size("dim")}, "weight"),
        (config, children) ->
            config.has("paddingIdx")
                ? new Embedding(
                    config.size("num"), config.size("dim"), config.whole("paddingIdx", 0))
                : new Embedding(config.size("num"), config.size("dim")));
    NormLayers.add();
    ImageLayers.add();
    option(Dropout.class, "p", config -> new Dropout(config.number("p")));
    option(Flatten.class, "from", config -> new Flatten(config.dim("from")));
    option(FlattenConsecutive.class, "n", config -> new FlattenConsecutive(config.size("n")));
    add(
        Unflatten.class,
        Set.of("dim", "sizes"),
        Children.NONE,
        config -> Map.of(),
        (config, children) -> new Unflatten(config.dim("dim"), config.sizes("sizes")));
    activations();
  }

  private static void activations() {
    option(Softmax.class, "dim", config -> new Softmax(config.dim("dim")));
    option(LogSoftmax.class, "dim", config -> new LogSoftmax(config.dim("dim")));
    option(Softmin.class, "dim", config -> new Softmin(config.dim("dim")));
    option(GLU.class, "dim", config -> new GLU(config.dim("dim")));
    add(
        PReLU.class,
        Set.of("num", "init"),
        Children.NONE,
        config -> same(new int[] {config.size("num")}, "weight"),
        (config, children) -> new PReLU(config.size("num"), config.number("init")));
    add(
        Threshold.class,
        Set.of("threshold", "value"),
        Children.NONE,
        config -> Map.of(),
        (config, children) -> new Threshold(config.number("threshold"), config.number("value")));
    add(
        Hardtanh.class,
        Set.of("min", "max"),
        Children.NONE,
        config -> Map.of(),
        (config, children) -> new Hardtanh(config.number("min", -1), config.number("max", 1)));
    option(CELU.class, "alpha", config -> new CELU(config.number("alpha")));
    option(Softshrink.class, "lambda", config -> new Softshrink(config.number("lambda")));
    option(Hardshrink.class, "lambda", config -> new Hardshrink(config.number("lambda")));
    option(Softplus.class, "beta", config -> new Softplus(config.number("beta", 1)));
    option(ELU.class, "alpha", config -> new ELU(config.number("alpha")));
    option(LeakyReLU.class, "slope", config -> new LeakyReLU(config.number("slope")));
    option(GELU.class, "approximate", config -> new GELU(config.text("approximate")));
    SequenceLayers.add();
    option(Lambda.class, "function", Layers::lambda);
    plain(Identity.class, Identity::new);
    plain(ReLU.class, ReLU::new);
    plain(ReLU6.class, ReLU6::new);
    plain(Tanh.class, Tanh::new);
    plain(Sigmoid.class, Sigmoid::new);
    plain(LogSigmoid.class, LogSigmoid::new);
    plain(SELU.class, SELU::new);
    plain(SiLU.class, SiLU::new);
    plain(Mish.class, Mish::new);
    plain(Softsign.class, Softsign::new);
    plain(Tanhshrink.class, Tanhshrink::new);
    plain(Hardsigmoid.class, Hardsigmoid::new);
    plain(Hardswish.class, Hardswish::new);
  }

  interface OneOption {
    Module build(Config config);
  }

  private static void plain(Class<? extends Module> type, Supplier<? extends Module> build) {
    add(type, Set.of(), Children.NONE, config -> Map.of(), (config, children) -> build.get());
  }

  static void option(Class<? extends Module> type, String option, OneOption build) {
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

  private static Lambda lambda(Config config) {
    String name = config.text("function");
    UnaryOperator<Tensor> f = FUNCTIONS.orElse(Map.of()).get(name);
    if (f == null) {
      throw Header.fault(
          config.place(),
          "the function %s is not given; load with Models.load(path, functions)"
              .formatted(DataException.quote(name)));
    }
    return new Lambda(name, f);
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

  private static Map<String, int[]> bilinear(Config config) {
    int out = config.size("out");
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("weight", new int[] {out, config.size("in1"), config.size("in2")});
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
