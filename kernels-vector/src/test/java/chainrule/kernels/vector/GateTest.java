package chainrule.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Loops run when they are compiled, not before. */
class GateTest {
  private static final Gate.Loop FAST = new Gate.Loop(1_000_000, steps -> {});

  /** So slow as only a loop that is not compiled can be. */
  private static final Gate.Loop SLOW = new Gate.Loop(1, steps -> LockSupport.parkNanos(100_000));

  @Test
  void fewMultiplyAddsDoNotWakeTheCompiler() throws InterruptedException {
    var asked = new AtomicInteger();
    var gate =
        new Gate(
            () -> {
              asked.getAndIncrement();
              return List.of(FAST);
            },
            null);
    for (int i = 0; i < 100; i++) {
      assertThat(gate.open(1000)).isFalse();
    }
    assertThat(asked).hasValue(0);
    gate.open(1L << 30);
    gate.await();
    assertThat(gate.open()).isTrue();
    assertThat(asked).hasValue(1);
  }

  @Test
  void itOpensWhenEveryLoopIsFastAndThenTheNext() throws InterruptedException {
    var calls = new AtomicInteger();
    var next = new Gate(() -> List.of(FAST), null);
    var gate =
        new Gate(
            () ->
                List.of(
                    FAST,
                    new Gate.Loop(
                        1000,
                        steps ->
                            LockSupport.parkNanos(calls.getAndIncrement() < 500 ? 100_000 : 0))),
            next);
    gate.await();
    assertThat(gate.open()).isTrue();
    assertThat(next.open()).isTrue();
    assertThat(calls).hasValueGreaterThan(500);
  }

  @Test
  void aLoopThatStaysSlowNeverRuns() throws InterruptedException {
    var gate = new Gate(() -> List.of(FAST, SLOW), null, 20_000_000);
    gate.await();
    assertThat(gate.open(1L << 40)).isFalse();
  }
}
