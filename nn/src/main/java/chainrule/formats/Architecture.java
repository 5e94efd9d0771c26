package chainrule.formats;

import chainrule.data.DataException;
import chainrule.nn.Linear;
import chainrule.nn.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network's structure as a model file describes it: what it would be, before anything is built.
 *
 * <p>In JSON a layer is {@code {"type": …, "config": {…}, "children": {…}}}, the last two only
 * where they are not empty.
 *
 * @param path where the layer is in the network, empty for the whole
 */
record Architecture(
    Layers.Kind kind, Config config, String path, Map<String, Architecture> children) {
  private static final int MOST_LAYERS = 10_000;
  private static final Set<String> FIELDS = Set.of("type", "config", "children");

  /** The description of a network that exists. */
  static Map<String, Object> describe(Module module) {
    Layers.Kind kind = Layers.find(module.type());
    if (kind == null || kind.type() != module.getClass()) {
      throw new IllegalArgumentException(
          "a model file cannot hold the layer type %s; save its stateDict() with Safetensors"
              .formatted(module.type()));
    }
    Map<String, Object> layer = new LinkedHashMap<>();
    layer.put("type", module.type());
    if (!module.config().isEmpty()) {
      layer.put("config", module.config());
    }
    if (!module.children().isEmpty() && kind.children() != Layers.Children.OWN) {
      Map<String, Object> children = new LinkedHashMap<>();
      module.children().forEach((name, child) -> children.put(name, describe(child)));
      layer.put("children", children);
    }
    return layer;
  }

  /** Reads a description; {@code place} stands in messages. */
  static Architecture parse(String place, Object json) {
    return parse(place, "", json, new int[] {MOST_LAYERS});
  }

  private static Architecture parse(String place, String path, Object json, int[] left) {
    String here = path.isEmpty() ? place : place + ": layer " + DataException.quote(path);
    if (left[0]-- == 0) {
      throw Header.fault(place, "more than %d layers".formatted(MOST_LAYERS));
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
        .forEach((name, child) -> children.put(name, parse(place, join(path, name), child, left)));
    checkNames(here, kind, List.copyOf(children.keySet()));
    return new Architecture(kind, config, path, children);
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
    kind.tensors().of(config).forEach((name, shape) -> shapes.put(join(path, name), shape));
    children.values().forEach(child -> child.collect(shapes));
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

  /** Builds the network with its default weights. */
  Module build() {
    List<Module> built = children.values().stream().map(Architecture::build).toList();
    try {
      return kind.builder().build(config, built);
    } catch (FormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new FormatException(config.place() + ": " + e.getMessage(), e);
    }
  }
}
