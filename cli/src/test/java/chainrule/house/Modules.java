package chainrule.house;

import java.io.File;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Chainrule's modules as they lie on the class path of this test: folders or jars. */
final class Modules {
  private Modules() {}

  /** The class path, without the folder of these tests. */
  static List<Path> path() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(p -> !p.endsWith("test-classes"))
        .toList();
  }

  /** Chainrule's modules, in the order of the class path. */
  static List<ModuleReference> ours() {
    return path().stream()
        .filter(p -> p.endsWith("classes") || p.getFileName().toString().startsWith("chainrule-"))
        .flatMap(p -> ModuleFinder.of(p).findAll().stream())
        .filter(m -> m.descriptor().name().startsWith("chainrule."))
        .toList();
  }
}
