package chainrule.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may know whom inside nn, and what a library never does. */
class ArrowsTest {
  /** Every package of the module, with what it may use besides core. */
  private static final Map<String, List<String>> ARROWS =
      Map.of(
          "chainrule.nn", List.of(),
          "chainrule.optim", List.of(),
          "chainrule.data", List.of("de.siegmar.fastcsv..", "tools.jackson.."),
          "chainrule.formats", List.of("chainrule.nn", "chainrule.optim", "chainrule.data"),
          "chainrule.train",
              List.of(
                  "chainrule.nn",
                  "chainrule.optim",
                  "chainrule.data",
                  "chainrule.formats",
                  "chainrule.compile"),
          "chainrule.conformance",
              List.of("chainrule.nn", "chainrule.optim", "chainrule.formats", "chainrule.compile"));

  /** The public packages of core, which all of them may use. */
  private static final List<String> CORE =
      List.of("chainrule.math", "chainrule.scalar", "chainrule.tensor", "chainrule.autograd");

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .importPath(Path.of(System.getProperty("chainrule.classes", "target/classes")));

  @TestFactory
  Stream<DynamicTest> everyPackageKeepsToItsArrows() {
    return ARROWS.entrySet().stream()
        .map(
            arrow -> {
              List<String> allowed = new ArrayList<>(List.of("java..", "org.jspecify.."));
              allowed.add(arrow.getKey());
              allowed.addAll(arrow.getValue());
              allowed.addAll(CORE);
              return DynamicTest.dynamicTest(
                  arrow.getKey() + " → " + arrow.getValue(),
                  () ->
                      classes()
                          .that()
                          .resideInAPackage(arrow.getKey())
                          .should()
                          .onlyDependOnClassesThat()
                          .resideInAnyPackage(allowed.toArray(String[]::new))
                          .check(PRODUCTION));
            });
  }

  @Test
  void everyPackageHasItsArrowsAndIsNullMarked() {
    List<JavaPackage> packages =
        PRODUCTION.stream()
            .filter(c -> !c.getSimpleName().equals("module-info"))
            .map(c -> c.getPackage())
            .distinct()
            .toList();
    assertThat(packages).extracting(JavaPackage::getName).isSubsetOf(ARROWS.keySet());
    assertThat(packages)
        .allSatisfy(p -> assertThat(p.isAnnotatedWith(NullMarked.class)).as(p.getName()).isTrue());
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching("chainrule.(**)").should().beFreeOfCycles().check(PRODUCTION);
  }

  @Test
  void librariesKeepToThemselves() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(PRODUCTION);
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(PRODUCTION);
    noClasses()
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(System.class, "setProperty", String.class, String.class)
        .orShould()
        .callMethod(Runtime.class, "addShutdownHook", Thread.class)
        .check(PRODUCTION);
  }
}
