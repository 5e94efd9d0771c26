package chainrule.cli;

import chainrule.tensor.Engine;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine and the virtual machine, for people and for {@code config.json}. */
final class Environment {
  private Environment() {}

  static Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("chainrule", Version.number());
    map.put("java", Runtime.version().toString());
    map.put("threads", Engine.threads());
    map.put("kernels", kernels());
    return map;
  }

  /** {@code 2 threads, scalar kernels, Java 25.0.3}. */
  static String text() {
    int threads = Engine.threads();
    return "%d thread%s, %s kernels, Java %s"
        .formatted(threads, threads == 1 ? "" : "s", kernels(), Runtime.version());
  }

  /** The name of the kernels that run here. */
  static String kernels() {
    String reason = Engine.kernels();
    int colon = reason.indexOf(':');
    return colon < 0 ? reason : reason.substring(0, colon);
  }
}
