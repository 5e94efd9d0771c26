package chainrule.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Philox;
import chainrule.math.Program;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop takes over from its blocks without a trace in the numbers. */
class HotLoopTest {
  private static final Program GELU =
      Program.record(1, 0, x -> List.of(x.getFirst().gelu())).simplified();

  @Test
  void equalProgramsShareALoop() {
    Program again = Program.record(1, 0, x -> List.of(x.getFirst().gelu())).simplified();
    var flush = List.of(true);
    var keep = List.of(false);
    LoopTarget plain = LoopTarget.PLAIN;
    HotLoop loop = HotLoop.of(new LoopSpec(GELU, true, keep, keep), plain);
    assertThat(HotLoop.of(new LoopSpec(again, true, keep, keep), plain)).isSameAs(loop);
    assertThat(HotLoop.of(new LoopSpec(again, false, keep, keep), plain)).isNotSameAs(loop);
    assertThat(HotLoop.of(new LoopSpec(again, true, flush, keep), plain)).isNotSameAs(loop);
    assertThat(HotLoop.of(new LoopSpec(again, true, keep, flush), plain)).isNotSameAs(loop);
  }

  private static <A> void hot(Kernels<A> kernels, Kernels<A> scalar) {
    int n = 70_001;
    A x = RandomPrograms.numbers(kernels, new Philox(5), n);
    A y = RandomPrograms.array(kernels, n);
    A want = RandomPrograms.array(kernels, n);
    Blocks cold = Blocks.cold(GELU, new int[] {-1}, new boolean[1]);
    run(cold, scalar, x, want, n);
    Blocks blocks = Blocks.of(GELU);
    HotLoop loop =
        HotLoop.of(
            new LoopSpec(GELU, kernels.single(), List.of(false), List.of(false)),
            kernels.loopTarget());
    for (int k = 0; k < 2000 && (k < 200 || loop.loop() == null); k++) {
      run(blocks, kernels, x, y, n);
      assertThat(RandomPrograms.same(y, want)).isTrue();
    }
    run(blocks, kernels, x, y, n);
    assertThat(RandomPrograms.same(y, want)).isTrue();
  }

  private static <A> void run(Blocks blocks, Kernels<A> kernels, A x, A y, int n) {
    Blocks.Run run = blocks.on(kernels);
    run.input(0, x);
    run.output(0, y);
    run.go(n);
  }

  @Test
  void theBitsStayWhenItTakesOver() {
    hot(KernelChoice.F32, new ScalarF32());
  }

  @Test
  void alsoForDoubles() {
    hot(KernelChoice.F64, new ScalarF64());
  }
}
