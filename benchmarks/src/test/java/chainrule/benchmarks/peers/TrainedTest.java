package chainrule.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Json;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is printed of trainings. */
class TrainedTest {
  private static double[] expected() {
    return FirstLosses.expected(Training.MLP64);
  }

  private static double[] wrong() {
    double[] losses = expected();
    losses[4] *= 1.001;
    return losses;
  }

  private static Compared.Fork fork(double ours, double libtorch, double tensorflow) {
    Map<Peer, double[]> turns = new EnumMap<>(Peer.class);
    turns.put(Peer.CHAINRULE, new double[] {ours, ours / 2, 2 * ours});
    turns.put(Peer.LIBTORCH, new double[] {libtorch, libtorch, libtorch});
    turns.put(Peer.TENSORFLOW, new double[] {tensorflow, tensorflow, tensorflow});
    Map<Peer, double[]> numbers =
        Map.of(Peer.CHAINRULE, expected(), Peer.LIBTORCH, wrong(), Peer.TENSORFLOW, wrong());
    return new Compared.Fork(turns, numbers, 48);
  }

  @Test
  void theBestPeerIsTheFastestThatComputesTheSame() {
    Trained trained =
        new Trained(
            new Compared(
                new Workload("mlp64"), 2, List.of(fork(100, 300, 50), fork(200, 500, 60))));
    Map<String, Object> json = Json.parseObject("line", Json.write(trained.json()));
    assertThat(json)
        .containsEntry("workload", "mlp64")
        .containsEntry("threads", 2L)
        .containsEntry("oursUs", 150.0)
        .containsEntry("oursLeastUs", 50.0)
        .containsEntry("spread", 1.5)
        .containsEntry("bestPeer", "libtorch")
        .containsEntry("bestPeerUs", 400.0)
        .containsEntry("ratio", 2.667)
        .containsEntry("bytesPerStep", 48L)
        .containsEntry("firstLossesAgree", true)
        .containsEntry("notCounted", List.of("tensorflow"))
        .containsEntry("forks", 2L);
    assertThat(trained.cells())
        .hasSameSizeAs(Trained.heads())
        .contains("150 µs", "400 µs", "55.0 µs ≠", "2.67", "48 B", "agree");
  }

  @Test
  void ourOwnFirstLossesMustAgreeInEveryProcess() {
    Compared.Fork good = fork(1, 1, 1);
    Compared.Fork bad =
        new Compared.Fork(good.turns(), Map.of(Peer.CHAINRULE, wrong()), good.bytes());
    Compared row = new Compared(new Workload("mlp64"), 1, List.of(good, bad));
    assertThat(new Trained(row).agree()).isFalse();
    assertThat(new Trained(new Compared(row.workload(), 1, List.of(good))).agree()).isTrue();
    assertThat(new Trained(new Compared(row.workload(), 1, List.of())).agree()).isFalse();
  }

  @Test
  void enginesTakePartInWhatTheyHave() {
    Workload kernel = Workload.kernels().getFirst();
    Workload training = Workload.trainings().getFirst();
    assertThat(Peer.CHAINRULE.takesPart(kernel)).isTrue();
    assertThat(Peer.CHAINRULE.takesPart(training)).isTrue();
    assertThat(Peer.ND4J.takesPart(kernel)).isTrue();
    assertThat(Peer.ND4J.takesPart(training)).isFalse();
    assertThat(Peer.NUMPY.takesPart(kernel)).isFalse();
    assertThat(Peer.NUMPY.takesPart(training)).isTrue();
  }
}
