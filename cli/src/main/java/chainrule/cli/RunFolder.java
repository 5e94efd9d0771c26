package chainrule.cli;

import chainrule.formats.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The folder that receives the files of a training, each whole or not at all. */
final class RunFolder {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Path folder;
  private boolean made;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /** The given folder, or {@code runs/NAME-TIME}, with a number if there is one already. */
  static RunFolder of(@Nullable Path wanted, String name) {
    if (wanted != null) {
      return new RunFolder(wanted);
    }
    String stem = name + "-" + TIME.format(LocalDateTime.now());
    Path folder = Path.of("runs", stem);
    for (int i = 2; Files.exists(folder); i++) {
      folder = Path.of("runs", stem + "-" + i);
    }
    return new RunFolder(folder);
  }

  /** Makes the folder, so that a place that cannot be written to is known before the training. */
  void make() {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UsageException("--out " + folder + ": there is a file of that name");
    }
    try {
      made = !Files.exists(folder);
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new UsageException("--out " + folder + ": cannot be written to");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
