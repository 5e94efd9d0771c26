package chainrule.benchmarks.peers;

import chainrule.benchmarks.Progress;
import chainrule.benchmarks.Statistics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Lets engines do the same work in turns: each has a short turn, then the next, round after round,
 * so that whatever else the machine does falls on all of them alike.
 *
 * @param workloads what to do
 * @param threads with how many threads
 * @param forks how often all is done with fresh processes
 * @param turns how many turns each engine has for a workload and set of processes
 */
public record PeerRun(List<Workload> workloads, List<Integer> threads, int forks, int turns) {
  private static final long KERNEL_MICROS = 60_000;
  private static final long TRAINING_MICROS = 250_000;

  /** How many steps a training that starts anew goes on for. */
  private static final long MOST_STEPS = 380;

  /** Its first steps, which do not count. */
  private static final long START_MICROS = 20_000;

  private static final long START_STEPS = 20;

  /** Over how long, and how many steps at most, bytes are counted. */
  private static final double COUNTED_MICROS = 20_000;

  private static final long MOST_COUNTED = 1000;

  private static final long WARM_MICROS = 300_000;
  private static final int LONGEST_WARM_TURNS = 20;

  /** Compilers take a second or two before the first calls become faster. */
  private static final int FEWEST_WARM_TURNS = 8;

  /** A turn that is faster by less than this share ends the warming up. */
  private static final double FASTER = 0.05;

  /** How far results of engines may be apart, as a share: sums of many F32 in other orders. */
  private static final double CLOSE = 1e-3;

  /**
   * Runs them all.
   *
   * @param folders the folders that adapters were built into, of the engines that take part
   * @param logs the folder for what the engines say
   */
  public List<Compared> run(Map<Peer, Path> folders, Path logs, PrintStream err)
      throws IOException, InterruptedException {
    List<Compared> found = new ArrayList<>();
    for (Workload w : workloads) {
      threads.forEach(t -> found.add(new Compared(w, t, new ArrayList<>())));
    }
    Files.createDirectories(logs);
    Progress progress = new Progress(err, found.size() * forks);
    TreeSet<String> complaints = new TreeSet<>();
    for (int fork = 0; fork < forks; fork++) {
      for (int t : threads) {
        List<Player> players = new ArrayList<>();
        try {
          for (Map.Entry<Peer, Path> entry : folders.entrySet()) {
            Peer peer = entry.getKey();
            try {
              Path log = logs.resolve(peer.call() + ".log");
              players.add(peer.start(t, entry.getValue(), log));
            } catch (IOException e) {
              complain(String.valueOf(e.getMessage()), complaints, err);
            }
          }
          if (fork == 0) {
            players.forEach(p -> err.println("bench: " + p.title()));
          }
          for (Compared row : found) {
            if (row.threads() == t) {
              row.forks().add(turns(row.workload(), players, complaints, err));
              progress.step(row.workload().name());
            }
          }
        } finally {
          players.forEach(Player::close);
        }
      }
    }
    return found;
  }

  private Compared.Fork turns(
      Workload workload, List<Player> all, TreeSet<String> complaints, PrintStream err)
      throws IOException, InterruptedException {
    Map<Peer, double[]> times = new EnumMap<>(Peer.class);
    Map<Peer, double[]> numbers = new EnumMap<>(Peer.class);
    Map<Peer, Double> values = new EnumMap<>(Peer.class);
    List<Player> players = new ArrayList<>();
    boolean training = workload.training().isPresent();
    for (Player player : all) {
      try {
        if (player.open(workload)) {
          if (training) {
            numbers.put(player.peer(), player.numbers());
          } else {
            values.put(player.peer(), player.check());
          }
          warm(player, workload);
          rest(player, complaints, err);
          players.add(player);
        }
      } catch (IOException e) {
        complain(String.valueOf(e.getMessage()), complaints, err);
      }
    }
    agree(workload, values, complaints, err);
    expected(workload, numbers, complaints, err);
    for (int turn = 0; turn < turns; turn++) {
      for (Player player : List.copyOf(players)) {
        try {
          double micros = turn(player, workload, training ? TRAINING_MICROS : KERNEL_MICROS);
          rest(player, complaints, err);
          times.computeIfAbsent(player.peer(), p -> new double[turns])[turn] = micros;
        } catch (IOException e) {
          complain(String.valueOf(e.getMessage()), complaints, err);
          players.remove(player);
          times.remove(player.peer());
        }
      }
      Collections.rotate(players, 1); // nobody always follows the same
    }
    long bytes = -1;
    for (Player player : players) {
      double[] ours = player.peer() == Peer.CHAINRULE ? times.get(Peer.CHAINRULE) : null;
      if (training && ours != null) {
        double calls = COUNTED_MICROS / Statistics.median(ours);
        bytes = player.bytes((int) Math.clamp(calls, 1, MOST_COUNTED));
      }
      player.done();
    }
    return new Compared.Fork(times, numbers, bytes);
  }

  private static double turn(Player player, Workload workload, long micros) throws IOException {
    if (workload.training().map(Training::startsAnew).orElse(false)) {
      player.again();
      player.turn(START_MICROS, START_STEPS);
      return player.turn(micros, MOST_STEPS);
    }
    return player.turn(micros, Long.MAX_VALUE);
  }

  /** A processor that an engine holds after its turn is not there for the next. */
  private static void rest(Player player, TreeSet<String> complaints, PrintStream err)
      throws InterruptedException {
    if (!player.rest()) {
      complain(
          player.peer().call() + " computes between its turns too: others are slowed by it",
          complaints,
          err);
    }
  }

  /** Turns that do not count, some seconds and until they become no faster. */
  private static void warm(Player player, Workload workload) throws IOException {
    double best = turn(player, workload, WARM_MICROS);
    for (int i = 1; i < LONGEST_WARM_TURNS; i++) {
      double next = turn(player, workload, WARM_MICROS);
      if (i >= FEWEST_WARM_TURNS && next > (1 - FASTER) * best) {
        return;
      }
      best = Math.min(best, next);
    }
  }

  /** Trainings that do not begin as PyTorch's are named; their times do not count. */
  private static void expected(
      Workload workload, Map<Peer, double[]> numbers, TreeSet<String> complaints, PrintStream err) {
    workload
        .training()
        .ifPresent(
            t ->
                numbers.forEach(
                    (peer, n) -> {
                      if (!FirstLosses.agree(t, n)) {
                        complain(
                            workload
                                + ": the first numbers of "
                                + peer.call()
                                + " are "
                                + Arrays.toString(n)
                                + " where "
                                + Arrays.toString(FirstLosses.expected(t))
                                + (FirstLosses.admitted(peer, t, n)
                                    ? " is expected: its update is defined otherwise"
                                    : " is expected: its time does not count"),
                            complaints,
                            err);
                      }
                    }));
  }

  /** Engines that do not compute the same are not compared in silence. */
  private static void agree(
      Workload workload, Map<Peer, Double> values, TreeSet<String> complaints, PrintStream err) {
    Double ours = values.get(Peer.CHAINRULE);
    values.forEach(
        (peer, value) -> {
          if (ours != null && Math.abs(value - ours) > CLOSE * Math.abs(ours)) {
            complain(
                workload
                    + ": the results of "
                    + peer.call()
                    + " are not ours: "
                    + value
                    + " against "
                    + ours,
                complaints,
                err);
          }
        });
  }

  /** Says every sentence once. */
  private static void complain(String sentence, TreeSet<String> said, PrintStream err) {
    if (said.add(sentence)) {
      err.println("bench: " + sentence);
    }
  }
}
