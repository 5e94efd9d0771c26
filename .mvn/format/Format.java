import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.google.googlejavaformat.java.StringWrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Formats the Java files of a source tree in place, or checks that they are formatted; files known
 * to be formatted are remembered by their hash and skipped.
 *
 * <p>Arguments: {@code check|apply ROOT FOLDER}; the folder receives the memory and, when there are
 * any, the faults. Runs on the JDK that compiles the project, because the formatter parses with the
 * parser of the JDK it runs on.
 */
final class Format {
  private static final Pattern TABLE =
      Pattern.compile(
          "^ *// spotless:off$.*?^ *// spotless:on$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Set<String> SKIPPED = Set.of("target", ".git", "runs", "node_modules");

  /** Tables, written one function a line: their columns say more than a formatter's breaks. */
  private static final Set<String> TABLES = Set.of("Unary.java", "Binary.java", "Composite.java");

  private final Formatter formatter = new Formatter();
  private final boolean apply;
  private final Path root;
  private final Set<String> known = new ConcurrentSkipListSet<>();
  private final Set<String> formatted = new ConcurrentSkipListSet<>();
  private final Set<String> faults = new ConcurrentSkipListSet<>();

  private Format(boolean apply, Path root) {
    this.apply = apply;
    this.root = root;
  }

  public static void main(String[] args) throws IOException {
    Format format = new Format(args[0].equals("apply"), Path.of(args[1]).toRealPath());
    Path folder = Files.createDirectories(Path.of(args[2]));
    Path memory = folder.resolve("formatted.txt");
    if (Files.exists(memory)) {
      format.known.addAll(Files.readAllLines(memory));
    }
    format.sources().parallelStream().forEach(format::file);
    Files.write(memory, format.formatted);
    Files.deleteIfExists(folder.resolve("faults.txt"));
    if (!format.faults.isEmpty()) {
      format.faults.forEach(System.err::println);
      Files.write(folder.resolve("faults.txt"), format.faults);
    }
  }

  private List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return SKIPPED.contains(String.valueOf(folder.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java") && !TABLES.contains(name)) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  private void file(Path file) {
    String name = root.relativize(file).toString();
    try {
      String before = Files.readString(file);
      String hash = hash(before);
      if (known.contains(hash)) {
        formatted.add(hash);
        return;
      }
      String after = format(before);
      if (after.equals(before)) {
        formatted.add(hash);
      } else if (apply) {
        Files.writeString(file, after);
        formatted.add(hash(after));
        System.out.println("formatted " + name);
      } else {
        faults.add(name + ":" + firstDifference(before, after) + ": not formatted");
      }
    } catch (FormatterException e) {
      faults.add(name + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String format(String source) throws FormatterException {
    String ordered = ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE);
    String text = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
    return keep(source, StringWrapper.wrap(text, formatter));
  }

  /**
   * Puts what stands between {@code spotless:off} and {@code spotless:on} back as it was: tables.
   */
  private static String keep(String before, String after) {
    Iterator<MatchResult> tables = TABLE.matcher(before).results().iterator();
    return TABLE.matcher(after).replaceAll(_ -> Matcher.quoteReplacement(tables.next().group()));
  }

  private static int firstDifference(String before, String after) {
    List<String> b = before.lines().toList();
    List<String> a = after.lines().toList();
    int line = 0;
    while (line < Math.min(a.size(), b.size()) && a.get(line).equals(b.get(line))) {
      line++;
    }
    return line + 1;
  }

  private static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
