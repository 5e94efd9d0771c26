package chainrule.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** The machine and the virtual machine, for people and for {@code config.json}. */
final class Environment {
  private Environment() {}

  /** How many threads compute: what was set, else the processors at hand. */
  static int threads() {
    return Integer.getInteger("chainrule.threads", Runtime.getRuntime().availableProcessors());
  }

  static Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("chainrule", Version.number());
    map.put("java", Runtime.version().toString());
    map.put("threads", threads());
    map.put("kernels", kernels());
    return map;
  }

  /** Which kernels run. */
  static String kernels() {
    return "scalar";
  }
}
