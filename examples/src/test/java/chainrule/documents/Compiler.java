package chainrule.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Compiles Java files as a reader of the documents would. */
final class Compiler {
  private Compiler() {}

  /** Compiles the files to {@code out}; what the compiler objects to fails the test. */
  static void compile(List<Path> files, Path out, List<Class<?>> classPath) throws IOException {
    List<String> options = List.of("-proc:none", "-d", out.toString(), "-cp", locations(classPath));
    var faults = new DiagnosticCollector<JavaFileObject>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(faults, Locale.ROOT, null)) {
      boolean compiled =
          compiler
              .getTask(
                  null, manager, faults, options, null, manager.getJavaFileObjectsFromPaths(files))
              .call();
      List<String> errors = new ArrayList<>();
      for (var fault : faults.getDiagnostics()) {
        if (fault.getKind() == Diagnostic.Kind.ERROR) {
          errors.add(fault.toString());
        }
      }
      assertThat(errors).isEmpty();
      assertThat(compiled).isTrue();
    }
  }

  /** Where the classes were loaded from, as a class path. */
  private static String locations(List<Class<?>> classes) {
    return classes.stream()
        .map(Compiler::location)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(Class<?> c) {
    try {
      return Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
