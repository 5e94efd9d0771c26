package chainrule.formats;

import chainrule.nn.AdaptiveAvgPool2d;
import chainrule.nn.AvgPool1d;
import chainrule.nn.AvgPool2d;
import chainrule.nn.Conv1d;
import chainrule.nn.Conv2d;
import chainrule.nn.ConvTranspose2d;
import chainrule.nn.MaxPool1d;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Module;
import chainrule.tensor.Conv1dOptions;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.ConvTranspose2dOptions;
import chainrule.tensor.Window;
import chainrule.tensor.Window1d;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The convolutions and poolings that a model file may name. */
final class ImageLayers {
  private ImageLayers() {}

  static void add() {
    Layers.add(
        Conv1d.class,
        Set.of("in", "out", "kernel", "stride", "padding", "dilation", "groups", "bias"),
        Layers.Children.NONE,
        config -> weights(config, config.size("out"), config.size("in"), config.size("kernel")),
        (config, children) ->
            new Conv1d(
                config.size("in"),
                config.size("out"),
                config.size("kernel"),
                new Conv1dOptions(
                    config.size("stride"),
                    config.whole("padding", 0),
                    config.size("dilation"),
                    config.size("groups")),
                config.bool("bias")));
    Layers.add(
        Conv2d.class,
        Set.of("in", "out", "kernel", "stride", "padding", "dilation", "groups", "bias"),
        Layers.Children.NONE,
        config -> weights(config, config.size("out"), config.size("in"), config.pair("kernel", 1)),
        (config, children) -> conv2d(config));
    Layers.add(
        ConvTranspose2d.class,
        Set.of(
            "in",
            "out",
            "kernel",
            "stride",
            "padding",
            "outputPadding",
            "dilation",
            "groups",
            "bias"),
        Layers.Children.NONE,
        config -> weights(config, config.size("in"), config.size("out"), config.pair("kernel", 1)),
        (config, children) -> convTranspose2d(config));
    Layers.add(
        MaxPool1d.class,
        Set.of("kernel", "stride", "padding", "dilation", "ceilMode"),
        Layers.Children.NONE,
        config -> Map.of(),
        (config, children) -> new MaxPool1d(window1d(config, config.size("dilation"))));
    Layers.add(
        AvgPool1d.class,
        Set.of("kernel", "stride", "padding", "ceilMode", "countIncludePad"),
        Layers.Children.NONE,
        config -> Map.of(),
        (config, children) -> new AvgPool1d(window1d(config, 1), config.bool("countIncludePad")));
    Layers.add(
        MaxPool2d.class,
        Set.of("kernel", "stride", "padding", "dilation", "ceilMode"),
        Layers.Children.NONE,
        config -> Map.of(),
        (config, children) -> new MaxPool2d(window(config, config.pair("dilation", 1))));
    Layers.add(
        AvgPool2d.class,
        Set.of("kernel", "stride", "padding", "ceilMode", "countIncludePad"),
        Layers.Children.NONE,
        config -> Map.of(),
        (config, children) -> new AvgPool2d(window(config, 1, 1), config.bool("countIncludePad")));
    Layers.option(
        AdaptiveAvgPool2d.class,
        "size",
        config -> {
          int[] size = config.pair("size", 1);
          return new AdaptiveAvgPool2d(size[0], size[1]);
        });
  }

  private static Module conv2d(Config config) {
    int[] kernel = config.pair("kernel", 1);
    int[] stride = config.pair("stride", 1);
    int[] padding = config.pair("padding", 0);
    int[] dilation = config.pair("dilation", 1);
    return new Conv2d(
        config.size("in"),
        config.size("out"),
        kernel[0],
        kernel[1],
        new Conv2dOptions(
            stride[0],
            stride[1],
            padding[0],
            padding[1],
            dilation[0],
            dilation[1],
            config.size("groups")),
        config.bool("bias"));
  }

  private static Module convTranspose2d(Config config) {
    int[] kernel = config.pair("kernel", 1);
    int[] stride = config.pair("stride", 1);
    int[] padding = config.pair("padding", 0);
    int[] more = config.pair("outputPadding", 0);
    int[] dilation = config.pair("dilation", 1);
    return new ConvTranspose2d(
        config.size("in"),
        config.size("out"),
        kernel[0],
        kernel[1],
        new ConvTranspose2dOptions(
            stride[0],
            stride[1],
            padding[0],
            padding[1],
            more[0],
            more[1],
            dilation[0],
            dilation[1],
            config.size("groups")),
        config.bool("bias"));
  }

  private static Window window(Config config, int... dilation) {
    int[] kernel = config.pair("kernel", 1);
    int[] stride = config.pair("stride", 1);
    int[] padding = config.pair("padding", 0);
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        padding[0],
        padding[1],
        dilation[0],
        dilation[1],
        config.bool("ceilMode", false));
  }

  private static Window1d window1d(Config config, int dilation) {
    return new Window1d(
        config.size("kernel"),
        config.size("stride"),
        config.whole("padding", 0),
        dilation,
        config.bool("ceilMode", false));
  }

  /**
   * Weight and bias of a convolution.
   *
   * @param rows the weight's first size
   * @param columns its second but for the groups
   */
  private static Map<String, int[]> weights(Config config, int rows, int columns, int... kernel) {
    int[] weight = new int[2 + kernel.length];
    weight[0] = rows;
    weight[1] = columns / config.size("groups");
    System.arraycopy(kernel, 0, weight, 2, kernel.length);
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("weight", weight);
    if (config.bool("bias")) {
      shapes.put("bias", new int[] {config.size("out")});
    }
    return shapes;
  }
}
