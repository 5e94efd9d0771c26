package chainrule.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the files of the whole repository, not only for this module's. */
class TreeTest {
  private static final Path ROOT = Path.of(System.getProperty("chainrule.root", ".."));
  private static final int MAX_LINES = 600;

  private static final Set<String> NOT_OURS =
      Set.of(".git", "target", "runs", "node_modules", ".idea", ".vscode", ".settings");
  private static final Pattern CODE = Pattern.compile(".*\\.(java|js|css|sh|cmd)|chainrule|run");
  private static final Pattern TEXT =
      Pattern.compile(".*\\.(java|js|css|sh|cmd|md|xml|properties|txt|html|yml|json|config)|[^.]+");

  /** Folders of one machine and hosts of registries; each split here, so as not to find itself. */
  private static final List<String> WORDS =
      List.of(
          "/wo" + "rk/",
          "/ro" + "ot/",
          "/ho" + "me/",
          "repo1." + "maven",
          "repo.maven." + "apache",
          "registry." + "npmjs",
          "files." + "pythonhosted");

  @Test
  void noFileIsLongerThanSixHundredLines() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : files(CODE)) {
      long lines = read(file).lines().count();
      if (lines > MAX_LINES) {
        tooLong.add(ROOT.relativize(file) + ": " + lines + " lines; split it by subject");
      }
    }
    assertThat(tooLong).as("files of more than " + MAX_LINES + " lines").isEmpty();
  }

  @Test
  void noFileNamesAMachineOrARegistry() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files(TEXT)) {
      List<String> lines = read(file).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        for (String word : WORDS) {
          if (lines.get(i).contains(word)) {
            found.add(ROOT.relativize(file) + ":" + (i + 1) + ": contains " + word);
          }
        }
      }
    }
    assertThat(found).as("words that hold on one machine only").isEmpty();
  }

  @Test
  void decisionsAreNumberedWithoutGapsAndListed() throws IOException {
    Path folder = ROOT.resolve("docs/adr");
    String index = read(folder.resolve("README.md"));
    Pattern name = Pattern.compile("(\\d{4})-[a-z0-9]+(-[a-z0-9]+)*\\.md");
    List<Integer> numbers = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String fileName = file.getFileName().toString();
        if (fileName.equals("README.md")) {
          continue;
        }
        Matcher matcher = name.matcher(fileName);
        assertThat(matcher.matches()).as(fileName + " is named NNNN-title.md").isTrue();
        numbers.add(Integer.valueOf(matcher.group(1)));
        assertThat(index).as("docs/adr/README.md lists " + fileName).contains("(" + fileName + ")");
        List<String> lines = read(file).lines().toList();
        assertThat(lines.getFirst())
            .as(fileName + ": the first line is the title")
            .startsWith("# ");
        assertThat(lines).as(fileName + ": sections").anyMatch(line -> line.startsWith("## "));
      }
    }
    assertThat(numbers)
        .as("numbers of docs/adr")
        .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
  }

  @Test
  void theBillOfMaterialsHasTheVersionOfTheBuild() throws IOException {
    assertThat(version(ROOT.resolve("bom/pom.xml"))).isEqualTo(version(ROOT.resolve("pom.xml")));
  }

  private static String version(Path pom) throws IOException {
    Matcher matcher = Pattern.compile("<version>([^<]+)</version>").matcher(read(pom));
    assertThat(matcher.find()).as(pom + " has a version").isTrue();
    return matcher.group(1);
  }

  private static List<Path> files(Pattern name) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (name.matcher(file.getFileName().toString()).matches()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(files).as("files below " + ROOT).isNotEmpty();
    return files;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
