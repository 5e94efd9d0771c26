package chainrule.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void writesAndReplaces(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("runs").resolve("a.txt");
    AtomicFiles.writeText(file, "one");
    AtomicFiles.writeText(file, "zwei äöü");
    assertThat(Files.readString(file)).isEqualTo("zwei äöü");
    assertThat(files(file.getParent())).containsExactly(file);
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": cannot be written: the disk is full");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      throw new IllegalStateException("bug");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Files.readString(file)).isEqualTo("old");
    assertThat(files(folder)).containsExactly(file);
  }

  @Test
  void refusesAFolder(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> AtomicFiles.writeText(folder, "x"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(folder + ": ");
    Path file = Files.writeString(folder.resolve("f"), "x");
    assertThatThrownBy(() -> AtomicFiles.writeText(file.resolve("below"), "x"))
        .isInstanceOf(DataException.class);
    assertThat(files(folder)).containsExactly(file);
  }
}
