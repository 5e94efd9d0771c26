package chainrule.conformance;

import chainrule.formats.Safetensors;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What PyTorch made of one subject's cases: tensors by {@code case/role/name}. */
record Fixture(String file, Map<String, Tensor> tensors) {
  /**
   * Reads a subject's fixture.
   *
   * @throws IllegalStateException if there is none
   */
  static Fixture of(Kind kind, String subject) {
    String file = kind.plural() + "/" + subject + ".safetensors";
    try (InputStream in = Fixture.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(
            "there is no fixture %s; write it with nn/src/conformance/generate.py".formatted(file));
      }
      return new Fixture(file, Safetensors.parse(file, in.readAllBytes()).tensors());
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** The names of the cases. */
  Set<String> cases() {
    Set<String> names = new TreeSet<>();
    tensors.keySet().forEach(key -> names.add(key.substring(0, key.indexOf('/'))));
    return names;
  }

  /** The tensors of one case in one role, by name; empty where it has none. */
  Map<String, Tensor> get(String name, String role) {
    String prefix = name + "/" + role + "/";
    Map<String, Tensor> found = new LinkedHashMap<>();
    tensors.forEach(
        (key, tensor) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), tensor);
          }
        });
    return Collections.unmodifiableMap(found);
  }
}
