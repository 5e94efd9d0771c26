package chainrule.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every row of the table; scalar against vector kernels is tried where both are at hand. */
class ConformanceTest {
  @TestFactory
  Stream<DynamicContainer> everyCellHolds() {
    return Conformance.rows(Map.of()).stream()
        .map(
            row ->
                DynamicContainer.dynamicContainer(
                    row.title(),
                    row.cells().stream()
                        .map(
                            cell ->
                                DynamicTest.dynamicTest(
                                    cell.name(),
                                    () -> {
                                      Verdict verdict = cell.verdict();
                                      assertThat(verdict.passed()).as(verdict.detail()).isTrue();
                                    }))));
  }

  @Test
  void everyCaseOfAFixtureIsTriedAndNoOther() {
    Map<String, Set<String>> tried =
        Catalog.cases().stream()
            .collect(
                Collectors.groupingBy(
                    c -> c.kind().plural() + "/" + c.subject() + ".safetensors",
                    Collectors.mapping(Case::name, Collectors.toCollection(TreeSet::new))));
    for (Case c : Catalog.cases()) {
      Fixture fixture = Fixture.of(c.kind(), c.subject());
      assertThat(tried.get(fixture.file())).as(fixture.file()).isEqualTo(fixture.cases());
    }
  }

  @Test
  void everyCaseIsOfSomethingThatExistsAndHasATitleOfItsOwn() {
    List<Case> cases = Catalog.cases();
    assertThat(cases).extracting(Case::title).doesNotHaveDuplicates();
    for (Kind kind : Kind.values()) {
      assertThat(cases.stream().filter(c -> c.kind() == kind).map(Case::subject).distinct())
          .as(kind.plural())
          .containsExactlyInAnyOrderElementsOf(Conformance.subjects(kind));
    }
  }
}
