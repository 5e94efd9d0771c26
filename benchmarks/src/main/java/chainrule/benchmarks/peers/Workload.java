package chainrule.benchmarks.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What every engine is asked to do, by name: a kernel and its shape, {@code softmax/4096x1024}, or
 * a {@link Training}.
 *
 * @param kernel the kernel, or the training
 * @param dims its shape; for products m×k×n
 */
public record Workload(String kernel, int... dims) {
  private static final int ROWS = 4096;
  private static final int COLUMNS = 1024;

  /** The kernels of a run, in the order of the table. */
  public static List<Workload> kernels() {
    Stream<Workload> square =
        Stream.of(64, 128, 256, 512, 1024, 2048).map(n -> new Workload("sgemm", n, n, n));
    Stream<Workload> skinny =
        Stream.of(
            new Workload("sgemm_nt", 64, 784, 128),
            new Workload("sgemm_tn", 128, 64, 784),
            new Workload("sgemm", 64, 128, 784));
    Stream<Workload> elementwise =
        Stream.of("add", "mul", "gelu", "tanh", "softmax", "layer_norm", "adam")
            .map(kernel -> new Workload(kernel, ROWS, COLUMNS));
    return Stream.of(square, skinny, elementwise).flatMap(s -> s).toList();
  }

  /** The trainings of a run, in the order of the table. */
  public static List<Workload> trainings() {
    return Arrays.stream(Training.values()).map(t -> new Workload(t.call())).toList();
  }

  /** The training that this is; empty for a kernel. */
  public Optional<Training> training() {
    return Training.named(kernel);
  }

  /** Whether a quick run has it. */
  public boolean quick() {
    return training().map(t -> t == Training.TINY || t == Training.MLP64).orElse(quickKernel());
  }

  private boolean quickKernel() {
    return !kernel.startsWith("sgemm") || dims[0] == 64 || dims[0] == 512;
  }

  /** Reads a {@link #name}. */
  public static Workload parse(String name) {
    String[] parts = name.split("/", -1);
    return parts.length == 1
        ? new Workload(name)
        : new Workload(
            parts[0], Arrays.stream(parts[1].split("x", -1)).mapToInt(Integer::parseInt).toArray());
  }

  /** Kernel and shape, or the kernel alone if it has no shape. */
  public String name() {
    return dims.length == 0 ? kernel : kernel + "/" + shape();
  }

  /** The shape, {@code 4096x1024}. */
  public String shape() {
    return String.join("x", Arrays.stream(dims).mapToObj(Integer::toString).toList());
  }

  /** How many elements the shape has. */
  public int size() {
    return Arrays.stream(dims).reduce(1, Math::multiplyExact);
  }

  /** Whether a word of the command line means this workload: its kernel or its name. */
  public boolean matches(String word) {
    return word.equals(kernel) || word.equals(name());
  }

  @Override
  public String toString() {
    return name();
  }
}
