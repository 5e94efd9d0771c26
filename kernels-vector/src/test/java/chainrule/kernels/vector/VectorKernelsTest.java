package chainrule.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import chainrule.autograd.Laws;
import chainrule.internal.kernel.FloatMath;
import chainrule.internal.kernel.KernelChoice;
import chainrule.tensor.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The vector kernels give the bits of the scalar ones, at every width, and keep every law. */
class VectorKernelsTest {
  @BeforeAll
  static void noLoopIsHeldBack() throws InterruptedException {
    KernelChoice.F32.settle();
    KernelChoice.F64.settle();
    assertThat(GemmF32.GATE.open() && GemmF32.LATER.open()).isTrue();
    assertThat(GemmF64.GATE.open() && GemmF64.LATER.open()).isTrue();
  }

  @Test
  void theyAreChosenWhereTheyCanRun() {
    assertThat(KernelChoice.F32).isInstanceOf(VectorF32.class);
    assertThat(KernelChoice.F64).isInstanceOf(VectorF64.class);
    assertThat(Engine.kernels()).startsWith("vector: ").contains("-bit vectors");
  }

  @Test
  void theirBitsAreTheScalarKernels() throws InterruptedException {
    assertThat(Parity.differences()).isEmpty();
  }

  /** One loop of an elementary function, and the scalar method it copies. */
  private interface Loop {
    void run(float[] x, int xo, float[] y, int yo, int n);
  }

  private interface Scalar {
    float of(float x);
  }

  @TestFactory
  Stream<DynamicTest> elementaryFunctionsOverTheWholeRange() {
    return Stream.of(
        whole("exp", ElementaryF32::exp, FloatMath::exp),
        whole("log", ElementaryF32::log, FloatMath::log),
        whole("tanh", ElementaryF32::tanh, FloatMath::tanh),
        whole("sigmoid", ElementaryF32::sigmoid, FloatMath::sigmoid),
        whole("erf", ElementaryF32::erf, FloatMath::erf),
        whole("sin", ElementaryF32::sin, FloatMath::sin),
        whole("cos", ElementaryF32::cos, FloatMath::cos));
  }

  /** Every 4,099th of all floats. */
  private static DynamicTest whole(String name, Loop loop, Scalar scalar) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          int n = 4096;
          float[] x = new float[n];
          float[] y = new float[n];
          long bits = 0;
          while (bits < 1L << 32) {
            for (int i = 0; i < n; i++, bits += 4099) {
              x[i] = Float.intBitsToFloat((int) bits);
            }
            loop.run(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
              int want = Float.floatToIntBits(scalar.of(x[i]));
              assertThat(Float.floatToIntBits(y[i])).as("%s(%s)", name, x[i]).isEqualTo(want);
            }
          }
        });
  }

  /** Laws and parity, on loops emitted at once, at every width of vectors, on 1 and 7 threads. */
  @TestFactory
  Stream<DynamicTest> configurations() {
    return Stream.of(
            "-XX:MaxVectorSize=16",
            "-XX:MaxVectorSize=32",
            "-XX:MaxVectorSize=64",
            "-XX:UseAVX=2",
            "-XX:UseAVX=3",
            "-Dchainrule.threads=1",
            "-Dchainrule.threads=7")
        .map(option -> DynamicTest.dynamicTest(option, () -> inAnotherJvm(option)));
  }

  private static void inAnotherJvm(String option) throws Exception {
    String granted = option.startsWith("-XX:") ? option.substring("-XX:".length()) : "";
    java(Configuration.class, option, granted);
  }

  /** In a JVM that has compiled nothing yet, however the JIT finds its way. */
  @Test
  void inSteadyStateNoCallAllocates() throws Exception {
    java(Allocations.class, "-Dchainrule.threads=2", "");
  }

  private static void java(Class<?> main, String option, String argument) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx1g", "-XX:+UseParallelGC", "--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", option, "-Dchainrule.emit=now"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    if (!argument.isEmpty()) {
      command.add(argument);
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assumeThat(code).as(output).isNotEqualTo(Configuration.NOT_HERE);
    assertThat(code).as(output).isZero();
  }

  @TestFactory
  Stream<DynamicTest> everyLawHolds() {
    return Laws.rows().stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.op(),
                    () ->
                        assertThat(row.laws())
                            .allSatisfy(
                                law ->
                                    assertThat(law.verdict().passed())
                                        .as(row.title(law) + ": " + law.verdict().detail())
                                        .isTrue())));
  }
}
