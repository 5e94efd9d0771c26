package chainrule.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Philox;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Attention by blocks of queries is attention. */
class AttentionTest {
  private static final int[] LENGTHS = {1, 3, 17, 65, 130};

  private static Tensor normal(DType dtype, String purpose, int... shape) {
    return Tensor.randn(dtype, new Philox(5, purpose), shape);
  }

  private static Tensor attend(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal) {
    return q.scaledDotProductAttention(k, v, mask, causal, 0.4);
  }

  private static List<Tensor> gradients(Supplier<Tensor> y, Tensor seed, Tensor... leaves) {
    return Autograd.grad(y.get(), List.of(leaves), GradOptions.DEFAULT.seed(seed));
  }

  @TestFactory
  List<DynamicTest> agreesWithItsExpression() {
    var tests = new ArrayList<DynamicTest>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (int queries : LENGTHS) {
        for (int keys : LENGTHS) {
          int d = List.of(1, 8, 33).get((queries + keys) % 3);
          tests.add(
              DynamicTest.dynamicTest(
                  dtype + " " + queries + "×" + keys + " d " + d,
                  () -> {
                    for (int options = 0; options < 4; options++) {
                      agrees(dtype, queries, keys, d, options < 2, options % 2 == 0);
                    }
                  }));
        }
      }
    }
    return tests;
  }

  private static void agrees(
      DType dtype, int queries, int keys, int d, boolean causal, boolean masked) {
    Tensor q = normal(dtype, "q", 2, queries, d).requiresGrad();
    Tensor k = normal(dtype, "k", keys, d).requiresGrad();
    Tensor v = normal(dtype, "v", 2, keys, 5).requiresGrad();
    Tensor mask = masked ? normal(dtype, "m", queries, keys).gt(-0.5).hidingZeros() : null;
    Supplier<Tensor> kernel = () -> attend(q, k, v, mask, causal);
    Supplier<Tensor> expression = () -> Tape.expressions(kernel);
    assertThat(kernel.get().sameBits(expression.get())).isTrue();
    Tensor seed = normal(dtype, "g", 2, queries, 5);
    List<Tensor> fast = gradients(kernel, seed, q, k, v);
    List<Tensor> plain = gradients(expression, seed, q, k, v);
    double bound = dtype == DType.F64 ? 1e-12 : 1e-5;
    for (int i = 0; i < 3; i++) {
      double size = Math.max(1, plain.get(i).abs().max().item());
      assertThat(fast.get(i).allClose(plain.get(i), 0, bound * size)).as("input " + i).isTrue();
    }
  }

  @Test
  void aQueryThatSeesNothingGetsZerosAndPassesNoGradient() {
    Tensor q = normal(DType.F32, "q", 3, 4).requiresGrad();
    Tensor k = normal(DType.F32, "k", 5, 4).requiresGrad();
    Tensor v = normal(DType.F32, "v", 5, 2).requiresGrad();
    Tensor ones =
        Tensor.of(new float[] {1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0}, 3, 5).requiresGrad();
    Tensor mask = ones.detach().hidingZeros().requiresGrad();
    for (Tensor m : List.of(mask.detach(), mask)) {
      Supplier<Tensor> kernel = () -> attend(q, k, v, m, false);
      for (Supplier<Tensor> way : List.of(kernel, () -> Tape.expressions(kernel))) {
        Tensor y = way.get();
        assertThat(y.slice(0, 1, 2).toFloatArray()).containsExactly(0, 0);
        assertThat(y.slice(0, 2, 3).sameBits(v.detach().slice(0, 2, 3))).isTrue();
        Tensor[] leaves = m.isTracked() ? new Tensor[] {q, k, v, m} : new Tensor[] {q, k, v};
        List<Tensor> g = gradients(way, normal(DType.F32, "g", 3, 2), leaves);
        assertThat(g).allMatch(Tensor::allFinite);
        assertThat(g.get(0).slice(0, 1, 2).abs().max().item()).isZero();
        assertThat(g.get(1).slice(0, 2, 3).abs().max().item()).isZero();
        if (m.isTracked()) {
          assertThat(g.get(3).slice(0, 1, 2).abs().max().item()).isZero();
        }
      }
    }
  }

  @Test
  void causalIsTheMaskOfThePast() {
    Tensor q = normal(DType.F64, "q", 2, 40, 4);
    Tensor k = normal(DType.F64, "k", 2, 33, 4);
    Tensor v = normal(DType.F64, "v", 2, 33, 3);
    Tensor past = Tensor.ones(DType.F64, 40, 33).tril(0).hidingZeros();
    assertThat(attend(q, k, v, null, true).sameBits(attend(q, k, v, past, false))).isTrue();
    assertThat(attend(q, k, v, null, true).slice(1, 0, 1).sameBits(v.slice(1, 0, 1))).isTrue();
  }

  @Test
  void theDefaultScaleIsOneByTheRootOfD() {
    Tensor q = normal(DType.F64, "q", 3, 7);
    Tensor y = q.scaledDotProductAttention(q, q, false);
    assertThat(y.sameBits(q.scaledDotProductAttention(q, q, null, false, 1 / Math.sqrt(7))))
        .isTrue();
  }

  @Test
  void oneTensorMayBeQueriesKeysAndValues() {
    Tensor x = normal(DType.F64, "x", 6, 4).requiresGrad();
    Supplier<Tensor> kernel = () -> attend(x, x, x, null, true);
    Tensor seed = normal(DType.F64, "g", 6, 4);
    Tensor g = gradients(kernel, seed, x).getFirst();
    Tensor plain = gradients(() -> Tape.expressions(kernel), seed, x).getFirst();
    assertThat(g.allClose(plain, 1e-12, 1e-12)).isTrue();
  }

  /** A long head alone is shared by the threads; among many it has a thread of its own. */
  @Test
  void aHeadDoesNotDependOnItsBatch() {
    Tensor[] x = {
      normal(DType.F32, "q", 16, 741, 3).requiresGrad(),
      normal(DType.F32, "k", 1, 730, 3).requiresGrad(),
      normal(DType.F32, "v", 16, 730, 2).requiresGrad()
    };
    Tensor seed = normal(DType.F32, "g", 16, 741, 2);
    for (boolean causal : new boolean[] {false, true}) {
      Tensor all = attend(x[0], x[1], x[2], null, causal);
      List<Tensor> g = gradients(() -> attend(x[0], x[1], x[2], null, causal), seed, x[0], x[2]);
      Tensor[] head = {
        x[0].detach().slice(0, 5, 6).requiresGrad(),
        x[1].detach().requiresGrad(),
        x[2].detach().slice(0, 5, 6).requiresGrad()
      };
      Tensor alone = attend(head[0], head[1], head[2], null, causal);
      assertThat(alone.sameBits(all.slice(0, 5, 6))).isTrue();
      List<Tensor> own =
          gradients(
              () -> attend(head[0], head[1], head[2], null, causal),
              seed.slice(0, 5, 6),
              head[0],
              head[2]);
      assertThat(own.get(0).sameBits(g.get(0).slice(0, 5, 6))).isTrue();
      assertThat(own.get(1).sameBits(g.get(1).slice(0, 5, 6))).isTrue();
    }
  }

  private static String location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void noMatrixOfAllScoresIsMade() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx44m",
                "-cp",
                location(Tensor.class) + File.pathSeparator + location(LongAttention.class),
                LongAttention.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(out.strip()).isEqualTo("true");
  }

  /** Attention over 4,096 positions, whose scores alone would fill 64 MiB. */
  static final class LongAttention {
    private LongAttention() {}

    public static void main(String[] args) {
      Tensor x = normal(DType.F32, "x", 4096, 8).requiresGrad();
      Tensor g = gradients(() -> attend(x, x, x, null, true), x.detach(), x).getFirst();
      System.out.println(g.allFinite());
    }
  }

  @Test
  void whatDoesNotFitIsSaidWithItsShapes() {
    Tensor q = Tensor.zeros(2, 3, 4);
    assertThatThrownBy(() -> attend(q, Tensor.zeros(5, 3), Tensor.zeros(5, 3), null, false))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "attention: queries 2×3×4, keys 5×3, values 5×3: queries of 4 numbers, keys of 3");
    assertThatThrownBy(() -> attend(q, Tensor.zeros(5, 4), Tensor.zeros(6, 2), null, false))
        .hasMessageEndingWith("values 6×2: 5 keys, 6 values");
    assertThatThrownBy(() -> attend(q, Tensor.zeros(3, 5, 4), Tensor.zeros(5, 2), null, false))
        .hasMessageEndingWith("batches do not broadcast");
    assertThatThrownBy(() -> attend(q, Tensor.zeros(4), Tensor.zeros(5, 2), null, false))
        .hasMessageEndingWith("each needs at least two dimensions");
    Tensor mask = Tensor.zeros(4, 3, 5);
    assertThatThrownBy(() -> attend(q, Tensor.zeros(5, 4), Tensor.zeros(5, 2), mask, false))
        .hasMessage(
            "attention: queries 2×3×4, keys 5×4, values 5×2, mask 4×3×5: the mask does not"
                + " broadcast to the scores' 2×3×5");
  }
}
