package chainrule.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.benchmarks.kernels.Registry;
import chainrule.benchmarks.kernels.Timed;
import chainrule.data.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The options, and what is printed. */
class MainTest {
  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void helpSaysWhatIsMeasured() {
    Ran help = run("--help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .startsWith("Usage: chainrule bench")
        .contains("--ulp", "--peers", "--workload", "--growth", "--roofline", "--startup");
  }

  @Test
  void trainingsAreChosenByName() {
    assertThat(run("--peers", "--list", "--workload", "tiny,gpt").out()).isEqualTo("tiny\ngpt\n");
    assertThat(run("--peers", "--list", "--workload", "all").out()).hasLineCount(9);
    assertThat(run("--peers", "--list", "--kernel", "sgemm_tn").out())
        .isEqualTo("sgemm_tn/128x64x784\n");
    assertThat(run("--peers", "--list", "--kernel", "gelu", "--workload", "cnn").out())
        .isEqualTo("gelu/4096x1024\ncnn\n");
    assertThat(run("--peers", "--list").out()).contains("sgemm/", "moons", "infer1");
  }

  @Test
  void optionsThatDoNotGoTogetherAreWrongUseInOneSentence() {
    Ran unknown = run("--peers", "--workload", "moon");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .startsWith("chainrule bench: no workload moon; there are moons, tiny, nielsen")
        .hasLineCount(1);
    for (Ran ran :
        List.of(
            run("--workload", "moons"),
            run("--growth", "--startup"),
            run("--roofline", "--peers"),
            run("--roofline", "--threads", "1,2"))) {
      assertThat(ran.code()).isEqualTo(2);
      assertThat(ran.err()).startsWith("chainrule bench: --").hasLineCount(1);
    }
  }

  @Test
  void anUnknownKernelIsWrongUseInOneSentence() {
    for (Ran ran : List.of(run("--kernel", "sgem"), run("--ulp", "--kernel", "sgem"))) {
      assertThat(ran.code()).isEqualTo(2);
      assertThat(ran.err())
          .startsWith("chainrule bench: no kernel sgem; there are ")
          .hasLineCount(1);
    }
    assertThat(run("--forks", "x").code()).isEqualTo(2);
    assertThat(run("--threads", "0").code()).isEqualTo(2);
  }

  @Test
  void namesChooseKernelsFamiliesAndShapes() {
    assertThat(run("--list", "--kernel", "sgemm_tn").out()).isEqualTo("sgemm_tn/128x64x784\n");
    assertThat(run("--list", "--kernel", "dgemm/512x512x512").out()).hasLineCount(1);
    assertThat(run("--list", "--kernel", "update").out()).contains("adam/", "sgd/");
    assertThat(run("--list", "--all").out()).hasLineCount(Registry.cases().size());
    assertThat(run("--list", "--kernel", "erf").out()).isEqualTo("erf/16777216\n");
    assertThat(run("--list").out().lines())
        .hasSizeLessThan(Registry.cases().size())
        .containsAll(run("--list", "--quick").out().lines().toList());
  }

  @Test
  void aLineOfAnArithmeticKernelHoldsSpeedPeakAndShare() {
    Timed.Fork fork = fork("fma", 100);
    Timed timed = new Timed(Registry.find("sgemm/64x64x64"), 1, List.of(fork));
    Map<String, Object> json = Json.parseObject("line", Json.write(timed.json()));
    assertThat(json)
        .containsEntry("kernel", "sgemm")
        .containsEntry("shape", "64x64x64")
        .containsEntry("threads", 1L)
        .containsEntry("gflops", 52.43)
        .containsEntry("peakGflops", 100.0)
        .containsEntry("share", 0.5243)
        .containsEntry("bytesPerCall", 7L);
    assertThat(timed.cells()).hasSameSizeAs(Timed.heads()).contains("10.0 µs", "52 %", "7 B");
  }

  @Test
  void aLineOfAMemoryKernelHoldsTheBetterCopy() {
    Timed.Fork fork = new Timed.Fork(new double[] {1e7}, limits(10, 20), 0);
    Timed timed = new Timed(Registry.find("exp/16777216"), 2, List.of(fork, fork));
    Map<String, Object> json = Json.parseObject("line", Json.write(timed.json()));
    assertThat(json)
        .containsEntry("gbps", 13.42)
        .containsEntry("copyGbps", 20.0)
        .containsEntry("copyBy", "loop")
        .containsEntry("share", 0.6711)
        .containsEntry("forks", 2L);
  }

  @Test
  void figuresAreMediansOverProcessesOfTheirMedians() {
    Timed timed =
        new Timed(
            Registry.find("sgemm/64x64x64"),
            1,
            List.of(
                new Timed.Fork(new double[] {1000, 9000, 2000}, Map.of(), 0),
                new Timed.Fork(new double[] {3000, 4000, 5000}, Map.of(), 0),
                new Timed.Fork(new double[] {6000, 6000, 6000}, Map.of(), 0)));
    assertThat(timed.micros()).isEqualTo(4);
    assertThat(timed.bestMicros()).isEqualTo(1);
    assertThat(timed.spread()).isEqualTo(1);
  }

  @Test
  void aSparseSurveyFindsSmallErrorsAndEqualBits() {
    Ran ran = run("--ulp", "--quick", "--json", "--kernel", "exp,erf", "--threads", "2");
    assertThat(ran.code()).isZero();
    assertThat(ran.out().lines()).hasSize(2);
    for (String line : ran.out().lines().toList()) {
      Map<String, Object> json = Json.parseObject("line", line);
      assertThat((Double) json.get("maxUlp")).isBetween(0.5, 2.0);
      assertThat(json).containsEntry("differing", 0L);
      assertThat((Long) json.get("arguments")).isGreaterThan(1_000_000L);
    }
  }

  @Test
  void timesAndSizesHaveTheirUnits() {
    assertThat(Text.time(12.345)).isEqualTo("12.3 µs");
    assertThat(Text.time(12_345)).isEqualTo("12.3 ms");
    assertThat(Text.bytes(64L << 20)).isEqualTo("64.0 MiB");
    assertThat(Text.bytes(-1)).isEqualTo("–");
    assertThat(Text.percent(0.874)).isEqualTo("87 %");
  }

  private static Timed.Fork fork(String loop, double limit) {
    return new Timed.Fork(
        new double[] {9000, 10_000, 30_000}, Map.of(loop, new double[] {limit}), 7);
  }

  private static Map<String, double[]> limits(double arraycopy, double loop) {
    return Map.of("arraycopy", new double[] {arraycopy}, "loop", new double[] {loop});
  }
}
