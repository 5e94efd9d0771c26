package chainrule.formats;

import chainrule.nn.BatchNorm1d;
import chainrule.nn.BatchNorm2d;
import chainrule.nn.BatchNormOptions;
import chainrule.nn.GroupNorm;
import chainrule.nn.InstanceNorm1d;
import chainrule.nn.InstanceNorm2d;
import chainrule.nn.InstanceNormOptions;
import chainrule.nn.LayerNorm;
import chainrule.nn.Module;
import chainrule.nn.RMSNorm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The normalisations that a model file may name. */
final class NormLayers {
  private NormLayers() {}

  /** A layer for so many channels. */
  private interface Channels<O> {
    Module build(int channels, O options);
  }

  static void add() {
    batch(BatchNorm1d.class, BatchNorm1d::new);
    batch(BatchNorm2d.class, BatchNorm2d::new);
    instance(InstanceNorm1d.class, InstanceNorm1d::new);
    instance(InstanceNorm2d.class, InstanceNorm2d::new);
    Layers.add(
        GroupNorm.class,
        Set.of("groups", "channels", "eps", "affine"),
        Layers.Children.NONE,
        config ->
            config.bool("affine")
                ? Layers.same(new int[] {config.size("channels")}, "weight", "bias")
                : Map.of(),
        (config, children) ->
            new GroupNorm(
                config.size("groups"),
                config.size("channels"),
                config.number("eps"),
                config.bool("affine")));
    Layers.add(
        LayerNorm.class,
        Set.of("shape", "eps", "affine", "bias"),
        Layers.Children.NONE,
        NormLayers::layerNorm,
        (config, children) ->
            new LayerNorm(
                config.sizes("shape"),
                config.number("eps"),
                config.bool("affine", true),
                config.bool("bias", true)));
    Layers.add(
        RMSNorm.class,
        Set.of("shape", "eps", "affine"),
        Layers.Children.NONE,
        config -> config.bool("affine") ? Layers.same(config.sizes("shape"), "weight") : Map.of(),
        (config, children) ->
            new RMSNorm(config.sizes("shape"), config.number("eps"), config.bool("affine")));
  }

  private static void batch(Class<? extends Module> type, Channels<BatchNormOptions> build) {
    Layers.add(
        type,
        Set.of("channels", "eps", "momentum", "affine", "trackRunningStats"),
        Layers.Children.NONE,
        config -> channels(config, true),
        (config, children) ->
            build.build(
                config.size("channels"),
                new BatchNormOptions(
                    config.number("eps"),
                    config.number("momentum"),
                    config.bool("affine", true),
                    config.bool("trackRunningStats", true))));
  }

  private static void instance(Class<? extends Module> type, Channels<InstanceNormOptions> build) {
    Layers.add(
        type,
        Set.of("channels", "eps", "momentum", "affine", "trackRunningStats"),
        Layers.Children.NONE,
        config -> channels(config, false),
        (config, children) ->
            build.build(
                config.size("channels"),
                new InstanceNormOptions(
                    config.number("eps"),
                    config.number("momentum"),
                    config.bool("affine", false),
                    config.bool("trackRunningStats", false))));
  }

  private static Map<String, int[]> channels(Config config, boolean otherwise) {
    int[] shape = {config.size("channels")};
    Map<String, int[]> shapes = new LinkedHashMap<>();
    if (config.bool("affine", otherwise)) {
      shapes.putAll(Layers.same(shape, "weight", "bias"));
    }
    if (config.bool("trackRunningStats", otherwise)) {
      shapes.putAll(Layers.same(shape, "running_mean", "running_var"));
    }
    return shapes;
  }

  private static Map<String, int[]> layerNorm(Config config) {
    int[] shape = config.sizes("shape");
    if (!config.bool("affine", true)) {
      return Map.of();
    }
    return config.bool("bias", true)
        ? Layers.same(shape, "weight", "bias")
        : Layers.same(shape, "weight");
  }
}
