package chainrule.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The command line stands on public packages alone, and its report knows nothing of it. */
class ArrowsTest {
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .importPath(Path.of(System.getProperty("chainrule.classes", "target/classes")));

  @Test
  void onlyPublicPackagesAreUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("chainrule.internal..", "tools.jackson..", "de.siegmar..")
        .check(PRODUCTION);
  }

  @Test
  void theReportKnowsNoCommand() {
    noClasses()
        .that()
        .resideInAPackage("chainrule.cli.report")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("chainrule.cli", "picocli..")
        .check(PRODUCTION);
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching("chainrule.(**)").should().beFreeOfCycles().check(PRODUCTION);
  }
}
