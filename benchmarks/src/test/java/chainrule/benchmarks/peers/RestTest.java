package chainrule.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A turn begins when the engine before is at rest. */
class RestTest {
  private static Supplier<Optional<Duration>> used(Iterator<Integer> millis) {
    return () -> Optional.of(Duration.ofMillis(millis.next()));
  }

  @Test
  void itWaitsWhileTheProcessComputes() throws InterruptedException {
    Iterator<Integer> millis = Stream.of(700, 750, 800, 840, 850, 999).iterator();
    assertThat(Rest.await(used(millis), 0)).isTrue();
    assertThat(millis.next()).isEqualTo(999);
  }

  @Test
  void itGivesUpOnAProcessThatNeverRests() throws InterruptedException {
    Iterator<Integer> millis = IntStream.iterate(0, i -> i + 50).boxed().iterator();
    assertThat(Rest.await(used(millis), 0)).isFalse();
  }

  @Test
  void whereTheSystemDoesNotSayOneLookIsEnough() throws InterruptedException {
    assertThat(Rest.await(Optional::empty, 0)).isTrue();
  }
}
