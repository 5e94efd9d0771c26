package chainrule.cli.report;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * A package of the npm registry, as a jar.
 *
 * <p>On the module path nothing requires such a jar, so no class loader knows it; its files are
 * then read from the path itself.
 *
 * @param name the package, which is also the jar's artifact
 */
record WebJar(String name) {
  static final WebJar CHART_JS = new WebJar("chart.js");

  private static final Pattern SOURCE_MAP = Pattern.compile("(?m)^//# sourceMappingURL=.*$");

  /**
   * The text of a script, without its reference to a source map, which a browser would try to load.
   *
   * @param path the file in the package
   */
  String script(String path) {
    try {
      String file = "META-INF/resources/webjars/%s/%s/%s".formatted(name, version(), path);
      String text = new String(read(file), StandardCharsets.UTF_8);
      return SOURCE_MAP.matcher(text).replaceAll("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jar names its version once more among its folders. */
  private String version() throws IOException {
    Properties properties = new Properties();
    byte[] bytes = read("META-INF/maven/org.webjars.npm/" + name + "/pom.properties");
    properties.load(new ByteArrayInputStream(bytes));
    return properties.getProperty("version");
  }

  private byte[] read(String file) throws IOException {
    try (InputStream in = WebJar.class.getClassLoader().getResourceAsStream(file)) {
      if (in != null) {
        return in.readAllBytes();
      }
    }
    String modules = System.getProperty("jdk.module.path", "");
    Path[] path =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(modules)
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toArray(Path[]::new);
    for (ModuleReference module : ModuleFinder.of(path).findAll()) {
      try (ModuleReader reader = module.open()) {
        Optional<InputStream> found = reader.open(file);
        if (found.isPresent()) {
          try (InputStream in = found.get()) {
            return in.readAllBytes();
          }
        }
      }
    }
    throw new IllegalStateException(
        "%s is missing: put the jar org.webjars.npm:%s beside the program's own jars"
            .formatted(file, name));
  }
}
