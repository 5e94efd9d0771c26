package chainrule.benchmarks.peers;

import chainrule.benchmarks.Heap;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The engines that are compared, and how the process of each is started.
 *
 * <p>Each is told its number of threads in its own way, and each has a class path of its own: their
 * dependencies contradict each other.
 */
public enum Peer {
  /** This project. */
  CHAINRULE("chainrule.benchmarks.peers.Ours") {
    @Override
    List<String> options(int threads, Path folder) {
      List<String> options = new ArrayList<>();
      options.add(Heap.YOUNG);
      options.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      options.add("-Dchainrule.threads=" + threads);
      return options;
    }

    @Override
    String classPath(Path folder) {
      return System.getProperty("java.class.path");
    }
  },

  /** libtorch through DJL. */
  LIBTORCH("chainrule.benchmarks.peers.libtorch.Libtorch") {
    @Override
    List<String> options(int threads, Path folder) {
      return List.of(
          "-Dai.djl.offline=true",
          "-Dai.djl.pytorch.num_threads=" + threads,
          "-Dai.djl.pytorch.num_interop_threads=1",
          "-DDJL_CACHE_DIR=" + folder.resolve("cache"));
    }
  },

  /** Encog, in F64. */
  ENCOG("chainrule.benchmarks.peers.encog.Encog"),

  /** TensorFlow through TensorFlow Java. */
  TENSORFLOW("chainrule.benchmarks.peers.tensorflow.TensorFlowGraphs"),

  /** ND4J, the arrays of Deeplearning4j. */
  ND4J("chainrule.benchmarks.peers.nd4j.Nd4jArrays") {
    @Override
    List<String> options(int threads, Path folder) {
      String width = hasAvx512() ? "-avx512" : "-avx2";
      return List.of("-Dorg.bytedeco.javacpp.platform.extension=" + width);
    }
  };

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  private final String main;

  Peer(String main) {
    this.main = main;
  }

  /** The name in tables, in JSON, and of the folder of its adapter. */
  public String call() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the virtual machine is told besides what all are told. */
  List<String> options(int threads, Path folder) {
    return List.of();
  }

  /** The class path, given the folder that the adapter was built into. */
  String classPath(Path folder) {
    return folder.resolve("*") + System.getProperty("path.separator") + folder.resolve("lib/*");
  }

  /** Starts the engine; what it says on standard error goes to a log. */
  Player start(int threads, Path folder, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options(threads, folder));
    if (this != CHAINRULE) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-cp");
    command.add(classPath(folder));
    command.add(main);
    command.add(Integer.toString(threads));
    Map<String, String> environment = new HashMap<>();
    for (String library : List.of("OMP", "MKL", "OPENBLAS")) {
      environment.put(library + "_NUM_THREADS", Integer.toString(threads));
    }
    environment.put("OPT_OUT_TRACKING", "true");
    environment.put("TF_CPP_MIN_LOG_LEVEL", "3");
    return new Player(this, command, environment, log);
  }

  private static boolean hasAvx512() {
    try {
      return Files.readString(PROCESSOR).contains(" avx512f ");
    } catch (IOException notLinux) {
      return false;
    }
  }
}
