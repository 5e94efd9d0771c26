package chainrule.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What compares stands on public packages; only the kernels and the survey reach inside. */
class ArrowsTest {
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .importPath(Path.of(System.getProperty("chainrule.classes", "target/classes")));

  @Test
  void peersAreComparedWithWhatUsersCall() {
    noClasses()
        .that()
        .resideInAPackage("chainrule.benchmarks.peers..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("chainrule.internal..", "chainrule.benchmarks.kernels..")
        .check(PRODUCTION);
  }

  @Test
  void theCommandLineIsUnknown() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("chainrule.cli..", "chainrule.examples..")
        .check(PRODUCTION);
  }

  @Test
  void partsDoNotKnowEachOther() {
    slices()
        .matching("chainrule.benchmarks.(*)..")
        .should()
        .notDependOnEachOther()
        .check(PRODUCTION);
  }
}
