package chainrule.benchmarks.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fetches the peers from a Maven repository and builds their adapters, when there are none yet or
 * their sources are newer.
 *
 * @param root the folder of the project
 */
public record PeerBuild(Path root) {
  private static final String TARGET = "target/peers";

  /** Builds what is missing, and returns the folders of those engines that can take part. */
  public Map<Peer, Path> folders(Set<Peer> wanted, PrintStream err)
      throws IOException, InterruptedException {
    List<Peer> missing = new ArrayList<>();
    Map<Peer, Path> folders = new EnumMap<>(Peer.class);
    for (Peer peer : wanted) {
      if (peer.python()) {
        if (Python.has(peer.main())) {
          folders.put(peer, root.resolve("benchmarks/peers/python"));
          if (!Python.hasFastProducts()) {
            err.printf(
                "bench: %s computes matrix products with plain loops; install the packages"
                    + " libopenblas0-pthread and libopenblas0-openmp to have it fast.%n",
                peer.call());
          }
        } else {
          err.printf(
              "bench: without %s: %s does not import %s; install the package python3-%s to have"
                  + " it.%n",
              peer.call(), Python.INTERPRETER, peer.main(), peer.main());
        }
      } else if (peer == Peer.CHAINRULE) {
        folders.put(peer, root);
      } else if (!fresh(peer)) {
        missing.add(peer);
      }
    }
    if (!missing.isEmpty()) {
      build(missing, err);
    }
    for (Peer peer : wanted) {
      if (peer != Peer.CHAINRULE && !peer.python() && fresh(peer)) {
        folders.put(peer, folder(peer));
      }
    }
    missing.removeAll(folders.keySet());
    if (!missing.isEmpty()) {
      err.println(
          "bench: without "
              + String.join(", ", missing.stream().map(Peer::call).toList())
              + ": fetching or building failed (log in "
              + root.relativize(log())
              + "). Check that Maven reaches Maven Central, or a mirror named in its settings.xml,"
              + " and run it again.");
    }
    return folders;
  }

  /** Where the build and the engines write what they have to say. */
  public Path logs() {
    return root.resolve("benchmarks/target/peers-logs");
  }

  private Path log() {
    return logs().resolve("build.log");
  }

  private Path module(Peer peer) {
    return root.resolve("benchmarks/peers").resolve(peer.call());
  }

  private Path folder(Peer peer) {
    return module(peer).resolve(TARGET);
  }

  private Path stamp(Peer peer) {
    return folder(peer).resolve("stamp");
  }

  /** Whether a peer was built after the last change of what its adapter is made of. */
  private boolean fresh(Peer peer) throws IOException {
    Path stamp = stamp(peer);
    if (!Files.exists(stamp)) {
      return false;
    }
    long built = Files.getLastModifiedTime(stamp).toMillis();
    List<Path> sources =
        List.of(
            root.resolve("benchmarks/peers/pom.xml"),
            module(peer).resolve("pom.xml"),
            module(peer).resolve("src"),
            root.resolve("benchmarks/src/main/java/chainrule/benchmarks/peers"));
    for (Path source : sources) {
      if (newest(source) > built) {
        return false;
      }
    }
    return true;
  }

  private static long newest(Path source) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      return files.mapToLong(PeerBuild::modified).max().orElse(0);
    }
  }

  private static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void build(List<Peer> peers, PrintStream err) throws IOException, InterruptedException {
    err.println(
        "bench: fetching other engines by Maven (once, about 1 GB; log in "
            + root.relativize(log())
            + ") ...");
    Files.createDirectories(logs());
    String modules =
        String.join(",", peers.stream().map(p -> root.relativize(module(p)).toString()).toList());
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    ProcessBuilder builder =
        new ProcessBuilder(
                windows ? "mvn.cmd" : "mvn",
                "-B",
                "-q",
                "-Dstyle.color=never",
                "-Dquick",
                "-Dmaven.test.skip=true",
                "-Dchainrule.target=" + TARGET,
                "-Dchainrule.jdk=[25.0.3," + (Runtime.version().feature() + 1) + ")",
                "-Ppeers",
                "--fail-at-end",
                "-pl",
                modules,
                "-am",
                "package")
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile());
    // Maven's search for toolchains looks at variables of this form.
    builder.environment().put("JAVA25_HOME", System.getProperty("java.home"));
    for (Peer peer : peers) {
      Files.deleteIfExists(stamp(peer));
      Files.deleteIfExists(jar(peer));
    }
    builder.start().waitFor();
    for (Peer peer : peers) {
      if (Files.exists(jar(peer)) && Files.isDirectory(folder(peer).resolve("lib"))) {
        Files.createFile(stamp(peer));
      }
    }
  }

  private Path jar(Peer peer) {
    return folder(peer).resolve("chainrule-peer-" + peer.call() + ".jar");
  }
}
