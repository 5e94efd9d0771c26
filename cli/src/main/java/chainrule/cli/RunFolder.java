package chainrule.cli;

import chainrule.formats.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder that receives the files of a training, each whole or not at all. */
final class RunFolder {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private static final Path RUNS = Path.of("runs");
  private static final List<String> FILES =
      List.of("model.safetensors", "config.json", "history.csv", "history.json", "report.html");

  private Path folder;
  private final boolean wanted;
  private boolean made;

  private RunFolder(Path folder, boolean wanted) {
    this.folder = folder;
    this.wanted = wanted;
  }

  /** The given folder, or {@code runs/NAME-TIME}, with a number if there is one already. */
  static RunFolder of(@Nullable Path wanted, String name) {
    if (wanted == null) {
      return new RunFolder(RUNS.resolve(name + "-" + TIME.format(LocalDateTime.now())), false);
    }
    if (wanted.toString().isEmpty()) {
      throw new UsageException("--out: the name of the folder is empty");
    }
    return new RunFolder(wanted, true);
  }

  /** Makes the folder, so that a place that cannot be written to is known before the training. */
  void make() {
    if (wanted && Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UsageException("--out " + folder + ": there is a file of that name");
    }
    for (String file : FILES) {
      if (Files.isDirectory(folder.resolve(file))) {
        throw new UsageException(
            "--out %s: %s, which is to be written, is a folder there".formatted(folder, file));
      }
    }
    try {
      if (wanted) {
        made = !Files.exists(folder);
        Files.createDirectories(folder);
      } else {
        makeNew();
      }
      if (!Files.isWritable(folder)) {
        throw new UsageException("--out " + folder + ": cannot be written to");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two trainings that start in the same second do not get the same folder. */
  private void makeNew() throws IOException {
    Path first = folder;
    Files.createDirectories(RUNS);
    for (int i = 2; !made; i++) {
      try {
        Files.createDirectory(folder);
        made = true;
      } catch (FileAlreadyExistsException taken) {
        folder = Path.of(first + "-" + i);
      }
    }
  }

  /** Takes back a folder that was made and is still empty. */
  void abandon() {
    if (!made) {
      return;
    }
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException | NoSuchFileException nothingToTakeBack) {
      made = false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path model() {
    return folder.resolve("model.safetensors");
  }

  Path report() {
    return folder.resolve("report.html");
  }

  Path path() {
    return folder;
  }

  void write(String file, String text) {
    AtomicFiles.writeText(folder.resolve(file), text);
  }
}
