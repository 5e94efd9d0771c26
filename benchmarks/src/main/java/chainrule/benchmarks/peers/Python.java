package chainrule.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The system's Python, where there is one. */
final class Python {
  /** The one that packages of the system serve. */
  static final Path INTERPRETER = Path.of("/usr/bin/python3");

  private static final Path LIBRARIES = Path.of("/usr/lib/x86_64-linux-gnu");

  private Python() {}

  /** Whether it can import a module, and NumPy, of which all of them need the numbers. */
  static boolean has(String module) throws IOException, InterruptedException {
    if (!Files.isExecutable(INTERPRETER)) {
      return false;
    }
    Process process =
        new ProcessBuilder(INTERPRETER.toString(), "-c", "import numpy, " + module)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }

  /** Whether OpenBLAS is installed in both builds, of which Debian keeps several. */
  static boolean hasFastProducts() {
    return Files.isDirectory(openBlas(1)) && Files.isDirectory(openBlas(2));
  }

  /**
   * The build with threads of its own, or, as these stand in the way of PyTorch's, with OpenMP's.
   */
  private static Path openBlas(int threads) {
    return LIBRARIES.resolve(threads == 1 ? "openblas-pthread" : "openblas-openmp");
  }

  /** What its processes find in their environment. */
  static Map<String, String> environment(int threads) {
    return Map.of("LD_LIBRARY_PATH", openBlas(threads).toString(), "PYTHONDONTWRITEBYTECODE", "1");
  }
}
