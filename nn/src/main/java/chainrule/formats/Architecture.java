package chainrule.formats;

import chainrule.data.DataException;
import chainrule.nn.Lambda;
import chainrule.nn.Linear;
import chainrule.nn.Module;
import chainrule.nn.Unflatten;
import chainrule.tensor.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network's structure as a model file describes it: what it would be, before anything is built.
 *
 * <p>In JSON a layer is {@code {"type": …, "config": {…}, "children": {…}}}, the last two only
 * where they are not empty. A layer that stands in a second place is {@code {"same": path}} there,
 * the path of the first. A linear layer whose weight is another layer's says {@code "shared":
 * {"weight": path}}. Both name what comes before them.
 *
 * @param path where the layer is in the network, empty for the whole
 * @param shared the paths of those of its tensors that other layers own, by name
 */
record Architecture(
    Layers.Kind kind,
    Config config,
    String path,
    Map<String, Architecture> children,
    Map<String, String> shared) {
  private static final int MOST_LAYERS = 10_000;
  private static final Set<String> FIELDS = Set.of("type", "config", "children", "shared");

  /** What has been read: how many layers may follow, and the layers that are complete, by path. */
  private static final class Reading {
    int left = MOST_LAYERS;
    final Map<String, Architecture> complete = new LinkedHashMap<>();
  }

  /** The description of a network that exists. */
  static Map<String, Object> describe(Module module) {
    Map<Module, String> modules = new IdentityHashMap<>();
    module.namedModules().forEach((path, m) -> modules.put(m, path));
    Map<Parameter, String> parameters = new IdentityHashMap<>();
    module.namedParameters().forEach((path, p) -> parameters.put(p, path));
    return describe("", module, modules, parameters);
  }

  private static Map<String, Object> describe(
      String path, Module module, Map<Module, String> modules, Map<Parameter, String> parameters) {
    String first = Objects.requireNonNull(modules.get(module));
    if (!first.equals(path)) {
      return Map.of("same", first);
    }
    Layers.Kind kind = Layers.find(module.type());
    if (kind == null || kind.type() != module.getClass()) {
      throw new IllegalArgumentException(
          "a model file cannot hold the layer type %s; save its stateDict() with Safetensors"
              .formatted(module.type()));
    }
    if (module instanceof Lambda && module.config().containsValue("")) {
      throw new IllegalArgumentException(
          "a model file cannot hold a function without a name; give it one: new Lambda(name, f)");
    }
    Map<String, Object> layer = new LinkedHashMap<>();
    layer.put("type", module.type());
    if (!module.config().isEmpty()) {
      layer.put("config", module.config());
    }
    if (module instanceof Linear linear) {
      String owner = Objects.requireNonNull(parameters.get(linear.weight()));
      if (!owner.equals(join(path, "weight"))) {
        layer.put("shared", Map.of("weight", owner));
      }
    }
    if (!module.children().isEmpty() && kind.children() != Layers.Children.OWN) {
      Map<String, Object> children = new LinkedHashMap<>();
      module
          .children()
          .forEach(
              (name, child) ->
                  children.put(name, describe(join(path, name), child, modules, parameters)));
      layer.put("children", children);
    }
    return layer;
  }

  /** Reads a description; {@code place} stands in messages. */
  static Architecture parse(String place, Object json) {
    return parse(place, "", json, new Reading());
  }

  private static Architecture parse(String place, String path, Object json, Reading reading) {
    String here = path.isEmpty() ? place : place + ": layer " + DataException.quote(path);
    if (reading.left-- == 0) {
      throw Header.fault(place, "more than %d layers".formatted(MOST_LAYERS));
    }
    if (json instanceof Map<?, ?> again && again.keySet().equals(Set.of("same"))) {
      return same(here, again.get("same"), reading);
    }
    if (!(json instanceof Map<?, ?> map) || !FIELDS.containsAll(map.keySet())) {
      throw Header.fault(here, "an object with type, config and children is expected");
    }
    if (!(map.get("type") instanceof String type)) {
      throw Header.fault(here, "the type of the layer is missing");
    }
    Layers.Kind kind = Layers.find(type);
    if (kind == null) {
      throw Header.fault(
          here,
          "the layer type %s is not known; known are %s"
              .formatted(DataException.quote(type), Layers.known()));
    }
    Config config = new Config(here + " (" + type + ")", object(here, map, "config"));
    config.allow(kind.options());
    Map<String, Architecture> children = new LinkedHashMap<>();
    object(here, map, "children")
        .forEach(
            (name, child) -> children.put(name, parse(place, join(path, name), child, reading)));
    checkNames(here, kind, List.copyOf(children.keySet()));
    Map<String, String> shared = shared(here, kind, config, object(here, map, "shared"), reading);
    Architecture layer = new Architecture(kind, config, path, children, shared);
    reading.complete.put(path, layer);
    return layer;
  }

  private static Architecture same(String here, @Nullable Object path, Reading reading) {
    Architecture layer = path instanceof String text ? reading.complete.get(text) : null;
    if (layer == null) {
      throw Header.fault(
          here,
          "same: no layer before this one has the path %s"
              .formatted(DataException.quote(String.valueOf(path))));
    }
    return layer;
  }

  private static Map<String, String> shared(
      String here, Layers.Kind kind, Config config, Map<String, Object> json, Reading reading) {
    if (json.isEmpty()) {
      return Map.of();
    }
    if (kind.type() != Linear.class || !json.keySet().equals(Set.of("weight"))) {
      throw Header.fault(here, "shared: only the weight of a Linear can be another layer's");
    }
    String owner = String.valueOf(json.get("weight"));
    int dot = owner.lastIndexOf('.');
    Architecture layer = dot < 0 ? null : reading.complete.get(owner.substring(0, dot));
    int[] shape = layer == null ? null : layer.own().get(owner.substring(dot + 1));
    if (shape == null) {
      throw Header.fault(
          here, "shared: no layer before this one owns %s".formatted(DataException.quote(owner)));
    }
    if (!Arrays.equals(shape, kind.tensors().of(config).get("weight"))) {
      throw Header.fault(
          here,
          "shared: %s has another shape than this weight".formatted(DataException.quote(owner)));
    }
    return Map.of("weight", owner);
  }

  private static Map<String, Object> object(String here, Map<?, ?> layer, String field) {
    Map<String, Object> object = new LinkedHashMap<>();
    Object value = layer.get(field);
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> object.put((String) key, element));
    } else if (value != null) {
      throw Header.fault(here, field + ": an object is expected");
    }
    return object;
  }

  private static void checkNames(String here, Layers.Kind kind, List<String> names) {
    List<String> expected =
        switch (kind.children()) {
          case NONE, OWN -> List.of();
          case BODY -> names.size() > 1 ? List.of("body", "shortcut") : List.of("body");
          case NUMBERED -> {
            List<String> numbers = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
              numbers.add(Integer.toString(i));
            }
            yield numbers;
          }
        };
    if (!names.equals(expected)) {
      throw Header.fault(
          here,
          switch (kind.children()) {
            case NONE, OWN -> "this layer has no children";
            case BODY -> "a child named body, and perhaps one named shortcut, is expected";
            case NUMBERED -> "children named 0, 1, … in this order are expected";
          });
    }
  }

  private static String join(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  /** The shapes of all tensors by path, in the order of the layers. */
  Map<String, int[]> tensors() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    collect(shapes);
    return shapes;
  }

  private void collect(Map<String, int[]> shapes) {
    own().forEach((name, shape) -> shapes.put(join(path, name), shape));
    children.values().forEach(child -> child.collect(shapes));
  }

  /** The shapes of the tensors that this layer itself owns, by name. */
  private Map<String, int[]> own() {
    Map<String, int[]> own = new LinkedHashMap<>(kind.tensors().of(config));
    own.keySet().removeAll(shared.keySet());
    return own;
  }

  /** The input and output sizes of the linear layers, in order. */
  List<int[]> linearSizes() {
    List<int[]> sizes = new ArrayList<>();
    if (kind.type() == Linear.class) {
      sizes.add(new int[] {config.size("in"), config.size("out")});
    }
    children.values().forEach(child -> sizes.addAll(child.linearSizes()));
    return sizes;
  }

  /**
   * How many numbers a row has, as far as the first layer that says so tells; empty if that layer
   * takes something else than rows.
   */
  OptionalLong rowWidth() {
    for (Architecture layer : leaves()) {
      if (layer.kind.type() == Linear.class) {
        return OptionalLong.of(layer.config.size("in"));
      }
      if (layer.kind.type() == Unflatten.class) {
        long width = 1;
        for (int size : layer.config.sizes("sizes")) {
          width = Math.multiplyHigh(width, size) == 0 ? width * size : Long.MAX_VALUE;
        }
        return OptionalLong.of(width);
      }
      if (!layer.tensors().isEmpty()) {
        break;
      }
    }
    return OptionalLong.empty();
  }

  private List<Architecture> leaves() {
    List<Architecture> leaves = new ArrayList<>();
    if (children.isEmpty()) {
      leaves.add(this);
    }
    children.values().forEach(child -> leaves.addAll(child.leaves()));
    return leaves;
  }

  /** Builds the network with its default weights. */
  Module build() {
    return build(new LinkedHashMap<>());
  }

  private Module build(Map<String, Module> done) {
    Module before = done.get(path);
    if (before != null) {
      return before;
    }
    List<Module> built = children.values().stream().map(child -> child.build(done)).toList();
    try {
      Module module =
          shared.isEmpty()
              ? kind.builder().build(config, built)
              : new Linear(
                  owned(done, Objects.requireNonNull(shared.get("weight"))), config.bool("bias"));
      done.put(path, module);
      return module;
    } catch (FormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new FormatException(config.place() + ": " + e.getMessage(), e);
    }
  }

  /** A parameter of a layer that is built, by path. */
  private static Parameter owned(Map<String, Module> done, String parameter) {
    int dot = parameter.lastIndexOf('.');
    Module layer = Objects.requireNonNull(done.get(parameter.substring(0, dot)));
    return Objects.requireNonNull(
        layer.namedParameters().get(parameter.substring(dot + 1)), parameter);
  }
}
