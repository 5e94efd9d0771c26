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
  CHAINRULE("chainrule.benchmarks.peers.Ours", Work.BOTH) {
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
  LIBTORCH("chainrule.benchmarks.peers.libtorch.Libtorch", Work.BOTH) {
    @Override
    List<String> options(int threads, Path folder) {
      return foreign(
          "-Dai.djl.offline=true",
          "-Dai.djl.pytorch.num_threads=" + threads,
          "-Dai.djl.pytorch.num_interop_threads=1",
          "-DDJL_CACHE_DIR=" + folder.resolve("cache"));
    }
  },

  /** TensorFlow through TensorFlow Java. */
  TENSORFLOW("chainrule.benchmarks.peers.tensorflow.TensorFlowGraphs", Work.BOTH),

  /** ND4J, the arrays of Deeplearning4j. */
  ND4J("chainrule.benchmarks.peers.nd4j.Nd4jArrays", Work.KERNELS) {
    @Override
    List<String> options(int threads, Path folder) {
      String width = hasAvx512() ? "-avx512" : "-avx2";
      return foreign("-Dorg.bytedeco.javacpp.platform.extension=" + width);
    }
  },

  /** Encog, in F64. */
  ENCOG("chainrule.benchmarks.peers.encog.Encog", Work.TRAININGS),

  /** PyTorch, where the system's Python has it. */
  PYTORCH("torch", Work.TRAININGS) {
    @Override
    boolean python() {
      return true;
    }
  },

  /** NumPy, where the system's Python has it. */
  NUMPY("numpy", Work.TRAININGS) {
    @Override
    boolean python() {
      return true;
    }
  };

  /** What an engine takes part in. */
  private enum Work {
    KERNELS,
    TRAININGS,
    BOTH
  }

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  private final String main;
  private final Work work;

  Peer(String main, Work work) {
    this.main = main;
    this.work = work;
  }

  /** The name in tables, in JSON, and of the folder of its adapter. */
  public String call() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it takes part in workloads of this kind. */
  public boolean takesPart(Workload workload) {
    return work == Work.BOTH || workload.training().isPresent() == (work == Work.TRAININGS);
  }

  /** Whether it runs in Python rather than on a virtual machine of Java's. */
  boolean python() {
    return false;
  }

  /** The class that serves, or the module that Python needs. */
  String main() {
    return main;
  }

  /** What the virtual machine is told. */
  List<String> options(int threads, Path folder) {
    return foreign();
  }

  private static List<String> foreign(String... own) {
    List<String> options = new ArrayList<>(List.of(own));
    options.add("--enable-native-access=ALL-UNNAMED");
    options.add("--sun-misc-unsafe-memory-access=allow");
    return options;
  }

  /** The class path, given the folder that the adapter was built into. */
  String classPath(Path folder) {
    return folder.resolve("*") + System.getProperty("path.separator") + folder.resolve("lib/*");
  }

  /** Starts the engine; what it says on standard error goes to a log. */
  Player start(int threads, Path folder, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    Map<String, String> environment = new HashMap<>();
    if (python()) {
      command.add(Python.INTERPRETER.toString());
      command.add(folder.resolve("worker.py").toString());
      command.add(call());
      environment.putAll(Python.environment(threads));
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options(threads, folder));
      command.add("-cp");
      command.add(classPath(folder));
      command.add(main);
    }
    command.add(Integer.toString(threads));
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
