package chainrule.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The public API of every module is the one written down in {@code src/test/resources/api}: it
 * changes only together with that page.
 */
class ApiTest {
  private static final Path ROOT = Path.of(System.getProperty("chainrule.root", ".."));
  private static final String UPDATE =
      "mvn test -pl cli -am -Dtest=ApiTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dapi.update=true";

  @TestFactory
  Stream<DynamicTest> thePublicApiIsTheOneWrittenDown() {
    return Modules.ours().stream()
        .filter(m -> !exports(m).isEmpty())
        .map(m -> DynamicTest.dynamicTest(m.descriptor().name(), () -> compare(m)));
  }

  private static void compare(ModuleReference module) throws IOException {
    String folder = module.descriptor().name().substring("chainrule.".length());
    Path page = ROOT.resolve(folder).resolve("src/test/resources/api").resolve(folder + ".txt");
    List<String> now = new ArrayList<>();
    try (var reader = module.open()) {
      List<String> names;
      try (Stream<String> entries = reader.list()) {
        names =
            entries
                .filter(e -> e.endsWith(".class") && !e.endsWith("-info.class"))
                .map(e -> e.substring(0, e.length() - ".class".length()).replace('/', '.'))
                .filter(n -> exports(module).contains(n.substring(0, n.lastIndexOf('.'))))
                .sorted()
                .toList();
      }
      for (String name : names) {
        now.addAll(Signatures.of(Class.forName(name, false, ApiTest.class.getClassLoader())));
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    if (Boolean.getBoolean("api.update")) {
      Files.createDirectories(page.getParent());
      Files.write(page, now);
    }
    assertThat(page).as("the page of the public API; write it with: " + UPDATE).exists();
    List<String> then = Files.readAllLines(page);
    assertThat(difference(then, now))
        .as("public API of %s; if the change is meant: %s", folder, UPDATE)
        .isEmpty();
  }

  private static List<String> difference(List<String> then, List<String> now) {
    Set<String> gone = new LinkedHashSet<>(then);
    Set<String> added = new LinkedHashSet<>(now);
    now.forEach(gone::remove);
    then.forEach(added::remove);
    List<String> difference = new ArrayList<>();
    gone.forEach(line -> difference.add("- " + line));
    added.forEach(line -> difference.add("+ " + line));
    return difference;
  }

  private static List<String> exports(ModuleReference module) {
    return module.descriptor().exports().stream()
        .filter(e -> !e.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .sorted()
        .toList();
  }
}
