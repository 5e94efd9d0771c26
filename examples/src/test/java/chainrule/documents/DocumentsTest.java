package chainrule.documents;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.documents.Documents.Block;
import chainrule.nn.Module;
import chainrule.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The code in the documents compiles and the programs run; the links lead to files. */
class DocumentsTest {
  private static final List<Class<?>> LIBRARY =
      List.of(Tensor.class, Module.class, NullMarked.class);
  private static final String IMPORTS =
      """
      import chainrule.autograd.*;
      import chainrule.data.*;
      import chainrule.formats.*;
      import chainrule.graph.*;
      import chainrule.math.*;
      import chainrule.nn.*;
      import chainrule.optim.*;
      import chainrule.scalar.*;
      import chainrule.tensor.*;
      import chainrule.train.*;
      import java.nio.file.*;
      import java.util.*;
      import java.util.random.*;
      """;
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");

  @TempDir private Path folder;

  @Test
  void everyBlockOfJavaCompiles() throws IOException {
    for (Path page : Documents.pages()) {
      List<Path> files = new ArrayList<>();
      Path home = Files.createDirectories(folder.resolve("page" + page.hashCode()));
      int number = 0;
      for (Block block : Documents.blocks(page)) {
        if (!block.isPatch()) {
          files.add(write(home, block, number++));
        }
      }
      if (!files.isEmpty()) {
        Compiler.compile(files, home, LIBRARY);
      }
    }
  }

  /** Statements become a method; types and programs are files already. */
  private static Path write(Path home, Block block, int number) throws IOException {
    if (block.isProgram()) {
      return Files.writeString(home.resolve("Program" + number + ".java"), block.code());
    }
    String code =
        block.isType()
            ? IMPORTS + block.code()
            : IMPORTS
                + "final class Block%d {\n  void run() throws Exception {\n%s\n  }\n}\n"
                    .formatted(number, block.code());
    return Files.writeString(home.resolve("Block" + number + ".java"), code);
  }

  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  void theFirstProgramOfTheReadmeLearns() throws Exception {
    List<Block> programs =
        Documents.blocks(Documents.ROOT.resolve("README.md")).stream()
            .filter(Block::isProgram)
            .toList();
    assertThat(programs).hasSize(1);
    Block program = programs.getFirst();
    assertThat(program.code().lines().filter(l -> !l.startsWith("import") && !l.isBlank()))
        .as("lines of the first program")
        .hasSizeLessThanOrEqualTo(10);
    Compiler.compile(List.of(write(folder, program, 0)), folder, LIBRARY);
    assertThat(Double.parseDouble(run("Program0"))).isGreaterThan(0.95);
  }

  private String run(String program) throws Exception {
    PrintStream before = System.out;
    var printed = new ByteArrayOutputStream();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        var out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      Class<?> type = loader.loadClass(program);
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      var main = type.getDeclaredMethod("main");
      main.setAccessible(true);
      main.invoke(constructor.newInstance());
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path page : Documents.pages()) {
      Matcher m = LINK.matcher(Files.readString(page));
      while (m.find()) {
        String target = m.group(1);
        if (!target.startsWith("http")) {
          assertThat(page.resolveSibling(target))
              .as("%s links to %s", Documents.ROOT.relativize(page), target)
              .exists();
        }
      }
    }
  }
}
