package chainrule.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the classes of a package by looking into the folder or jar that they come from. */
final class Classes {
  private Classes() {}

  /** The public classes of a type that can be made, in the package of a neighbour, by name. */
  static List<Class<?>> of(Class<?> type, Class<?> neighbour) {
    return in(neighbour).stream()
        .filter(type::isAssignableFrom)
        .filter(c -> Modifier.isPublic(c.getModifiers()) && !Modifier.isAbstract(c.getModifiers()))
        .toList();
  }

  /** All classes of the package of a class that stand in a file of their own. */
  private static List<Class<?>> in(Class<?> type) {
    try {
      Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return in(type, place);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return in(type, jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the classes of " + type.getPackageName(), e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the classes of " + type.getPackageName(), e);
    }
  }

  private static List<Class<?>> in(Class<?> type, Path root) throws IOException {
    String name = type.getPackageName();
    try (Stream<Path> files = Files.list(root.resolve(name.replace('.', '/')))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(file -> file.endsWith(".class") && file.indexOf('$') < 0)
          .filter(file -> !file.contains("-info"))
          .sorted()
          .<Class<?>>map(file -> load(type, name + "." + file.substring(0, file.length() - 6)))
          .toList();
    }
  }

  private static Class<?> load(Class<?> type, String name) {
    try {
      return Class.forName(name, false, type.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
