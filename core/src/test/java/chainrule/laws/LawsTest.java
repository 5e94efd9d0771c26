package chainrule.laws;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Laws;
import chainrule.autograd.Laws.Law;
import chainrule.autograd.Laws.Row;
import chainrule.autograd.Laws.Verdict;
import chainrule.math.Binary;
import chainrule.math.Composite;
import chainrule.math.Num;
import chainrule.math.Unary;
import chainrule.tensor.Composites;
import chainrule.tensor.Images;
import chainrule.tensor.Indexing;
import chainrule.tensor.Movement;
import chainrule.tensor.Reductions;
import chainrule.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every row of {@link Laws}, and that no operation is without one. */
class LawsTest {
  private static final Set<String> ELEMENTWISE_LAWS =
      Set.of("shape", "order 1", "order 2", "forward mode", "liveness", "scalar engine");

  @TestFactory
  Stream<DynamicContainer> rows() {
    return Laws.rows().stream()
        .map(
            row ->
                DynamicContainer.dynamicContainer(
                    row.op(),
                    row.laws().stream()
                        .map(
                            law -> DynamicTest.dynamicTest(row.title(law), () -> hold(row, law)))));
  }

  private static void hold(Row row, Law law) {
    Verdict verdict = law.verdict();
    assertThat(verdict.passed()).as(row.title(law) + ": " + verdict.detail()).isTrue();
  }

  @Test
  void titlesAreDistinct() {
    List<String> titles =
        Laws.rows().stream().flatMap(row -> row.laws().stream().map(row::title)).toList();
    assertThat(titles).doesNotHaveDuplicates().contains("tanh / order 2 / f64");
  }

  @Test
  void theWholeTableHasRows() {
    Stream<String> calls =
        Stream.of(
                Arrays.stream(Unary.values()).map(Unary::call),
                Arrays.stream(Binary.values()).map(Binary::call),
                Arrays.stream(Composite.values()).map(Composite::call))
            .flatMap(c -> c);
    assertThat(calls).allSatisfy(call -> assertThat(ops()).contains(call));
    List<String> single = Arrays.stream(Unary.values()).map(Unary::call).toList();
    for (Row row : Laws.rows()) {
      if (single.contains(row.op())) {
        assertThat(row.laws()).extracting(Law::name).containsAll(ELEMENTWISE_LAWS);
      }
    }
  }

  @Test
  void everyFunctionOfNumbersIsInTheTable() {
    Set<String> ops = ops();
    for (Method m : Num.class.getMethods()) {
      if (m.isDefault() && !m.getName().equals("self")) {
        assertThat(ops).as(m + " is a line of Unary, Binary or Composite").contains(m.getName());
      }
    }
  }

  @Test
  void everyMethodOfTheFacadesHasARow() {
    var missing = new TreeSet<String>();
    Set<String> rows =
        ops().stream()
            .filter(op -> op.contains(")"))
            .map(op -> op.substring(0, op.indexOf(')') + 1))
            .collect(Collectors.toSet());
    for (Class<?> facade :
        List.of(Reductions.class, Movement.class, Indexing.class, Composites.class, Images.class)) {
      for (Method m : facade.getDeclaredMethods()) {
        if (m.isDefault() && !m.isSynthetic() && !rows.contains(signature(m))) {
          missing.add(signature(m));
        }
      }
    }
    for (Method m : Tensor.class.getDeclaredMethods()) {
      boolean joins = Modifier.isPublic(m.getModifiers()) && Modifier.isStatic(m.getModifiers());
      boolean takesTensors =
          Arrays.stream(m.getParameterTypes())
              .anyMatch(t -> t == Tensor.class || t == Tensor[].class || t == List.class);
      if (joins && takesTensors && !m.getName().equals("apply") && !rows.contains(signature(m))) {
        missing.add(signature(m));
      }
    }
    assertThat(missing).as("methods that no law tries; add them to FacadeCatalog").isEmpty();
  }

  private static Set<String> ops() {
    return Laws.rows().stream().map(Row::op).collect(Collectors.toSet());
  }

  private static String signature(Method m) {
    Class<?>[] types = m.getParameterTypes();
    var names = Arrays.stream(types).map(Class::getSimpleName).toArray(String[]::new);
    if (m.isVarArgs()) {
      int last = names.length - 1;
      names[last] = names[last].replace("[]", "...");
    }
    return m.getName() + "(" + String.join(", ", names) + ")";
  }
}
