package chainrule.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the project's Markdown pages. */
final class Documents {
  static final Path ROOT = Path.of(System.getProperty("chainrule.root", "..")).toAbsolutePath();

  private static final Pattern FILE = Pattern.compile("`([\\w/]+\\.java)`");

  private Documents() {}

  /**
   * A fenced block of Java.
   *
   * @param place page and line, for messages
   * @param code the lines between the fences
   * @param file the source file that the text above names as the block's place; empty if none
   */
  record Block(String place, String code, String file) {
    boolean isPatch() {
      return !file.isEmpty();
    }

    boolean isProgram() {
      return code.contains("void main()");
    }

    boolean isType() {
      return code.startsWith("record ") || code.startsWith("final class ");
    }
  }

  /** README, CONTRIBUTING and everything below docs. */
  static List<Path> pages() throws IOException {
    List<Path> pages =
        new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  static List<Block> blocks(Path page) throws IOException {
    List<Block> blocks = new ArrayList<>();
    String paragraph = "";
    StringBuilder code = null;
    int line = 0;
    int start = 0;
    for (String text : Files.readAllLines(page)) {
      line++;
      if (code != null) {
        if (text.equals("```")) {
          String place = ROOT.relativize(page) + ":" + start;
          blocks.add(new Block(place, code.toString(), lastFile(paragraph)));
          code = null;
          paragraph = "";
        } else {
          code.append(text).append('\n');
        }
      } else if (text.equals("```java")) {
        code = new StringBuilder();
        start = line;
      } else if (text.startsWith("#")) {
        paragraph = "";
      } else {
        paragraph += text + "\n";
      }
    }
    return blocks;
  }

  private static String lastFile(String paragraph) {
    Matcher m = FILE.matcher(paragraph);
    String file = "";
    while (m.find()) {
      file = m.group(1);
    }
    return file;
  }
}
