package chainrule.conformance;

import chainrule.nn.Loss;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.optim.LRScheduler;
import chainrule.optim.Optimizer;
import chainrule.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The table of everything that is held to PyTorch's numbers.
 *
 * <p>Its subjects are enumerated from the classes of this module: every {@link Module} of {@code
 * chainrule.nn}, every loss, as a record of its options and as a function of {@link Losses}, every
 * {@link Optimizer} and {@link LRScheduler} of {@code chainrule.optim}. One without a case is a row
 * that fails. The columns:
 *
 * <table>
 * <caption>Columns by name</caption>
 * <tr><th>forward, value</th><td>the output is PyTorch's: {@code |difference| ≤ 1e-10 · the largest
 *     reference element} in F64, 1e-5 of it in F32</td></tr>
 * <tr><th>input gradient, weight gradient, gradient</th><td>the same of the gradient of ⟨output, g⟩, g
 *     given</td></tr>
 * <tr><th>order 1, order 2</th><td>gradients towards inputs and weights agree with differences, as
 *     {@link chainrule.autograd.GradCheck} has it</td></tr>
 * <tr><th>train, eval</th><td>after that training step, buffers and the output in evaluation mode are
 *     PyTorch's, and differ from those in training mode where PyTorch's do</td></tr>
 * <tr><th>saved</th><td>a saved and loaded layer has the same state and output, bit for bit</td></tr>
 * <tr><th>30 steps</th><td>the parameters after each of 30 steps with given gradients are PyTorch's, or
 *     those of the paper's update where PyTorch has none</td></tr>
 * <tr><th>50 times</th><td>learning rate and momentum at 50 times are PyTorch's</td></tr>
 * <tr><th>resumed</th><td>stopped half-way and resumed from its state dict, an optimizer or
 *     schedule ends with the same bits</td></tr>
 * <tr><th>options</th><td>every option takes at least two values among the subject's cases</td></tr>
 * <tr><th>kernels</th><td>scalar and vector kernels give the same bits in all of this</td></tr>
 * </table>
 *
 * {@snippet :
 * for (Row row : Conformance.rows(Map.of())) {
 *   for (Cell cell : row.cells()) {
 *     System.out.println(row.title() + " / " + cell.name() + ": " + cell.verdict());
 *   }
 * }
 * }
 */
public final class Conformance {
  private Conformance() {}

  /**
   * The whole table, not yet tried.
   *
   * @param digests what {@link #digests} says in a process with the other kernels; empty to leave
   *     that column out
   */
  public static List<Row> rows(Map<String, String> digests) {
    List<Row> rows = new ArrayList<>();
    Map<String, List<Case>> cases = new LinkedHashMap<>();
    for (Case c : Catalog.cases()) {
      cases.computeIfAbsent(c.kind() + c.subject(), _ -> new ArrayList<>()).add(c);
    }
    for (Kind kind : Kind.values()) {
      Set<String> subjects = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      subjects.addAll(subjects(kind));
      for (String subject : subjects) {
        List<Case> own = cases.getOrDefault(kind + subject, List.of());
        if (own.isEmpty()) {
          rows.add(missing(kind, subject));
        }
        own.forEach(c -> rows.add(row(c, own, digests)));
      }
    }
    return List.copyOf(rows);
  }

  /** The names of the columns of a kind, in order. */
  public static List<String> columns(Kind kind) {
    return Columns.of(kind);
  }

  /** The names of what exists of a kind, read from the classes of this module. */
  static List<String> subjects(Kind kind) {
    return switch (kind) {
      case LAYER -> simpleNames(Module.class, Module.class);
      case LOSS -> {
        List<String> losses = new ArrayList<>(simpleNames(Record.class, Loss.class));
        losses.removeIf(name -> !name.endsWith("Loss"));
        Arrays.stream(Losses.class.getMethods())
            .filter(m -> Modifier.isStatic(m.getModifiers()) && m.getReturnType() == Tensor.class)
            .map(Method::getName)
            .distinct()
            .forEach(losses::add);
        yield losses;
      }
      case OPTIMIZER -> simpleNames(Optimizer.class, Optimizer.class);
      case SCHEDULE -> simpleNames(LRScheduler.class, LRScheduler.class);
    };
  }

  private static List<String> simpleNames(Class<?> type, Class<?> neighbour) {
    return Classes.of(type, neighbour).stream().map(Class::getSimpleName).toList();
  }

  private static Row missing(Kind kind, String subject) {
    String sentence = "%s has no case; CONTRIBUTING.md says how one is added".formatted(subject);
    return new Row(
        kind,
        subject,
        "no case",
        List.of(new Cell(Columns.of(kind).getFirst(), () -> Verdict.failed(sentence))));
  }

  private static Row row(Case c, List<Case> own, Map<String, String> digests) {
    List<Cell> cells = new ArrayList<>(c.cells());
    List<String> columns = Columns.of(c.kind());
    if (columns.contains(Columns.OPTIONS)) {
      cells.add(new Cell(Columns.OPTIONS, () -> options(own)));
    }
    if (columns.contains(Columns.KERNELS)) {
      cells.add(new Cell(Columns.KERNELS, () -> kernels(c, digests)));
    }
    return new Row(c.kind(), c.subject(), c.name(), List.copyOf(cells));
  }

  private static Verdict options(List<Case> own) {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    own.forEach(c -> c.options().keySet().forEach(o -> values.put(o, new TreeSet<>())));
    values.forEach(
        (option, seen) ->
            own.forEach(c -> seen.add(String.valueOf(c.options().getOrDefault(option, "absent")))));
    if (values.isEmpty()) {
      return Verdict.notApplicable("no options");
    }
    List<String> same =
        values.entrySet().stream()
            .filter(e -> e.getValue().size() < 2)
            .map(e -> e.getKey() + " is always " + e.getValue().iterator().next())
            .toList();
    return Verdict.holds(
        same.isEmpty(),
        same.isEmpty() ? "tried: " + String.join(", ", values.keySet()) : String.join(", ", same));
  }

  private static Verdict kernels(Case c, Map<String, String> digests) {
    if (digests.isEmpty()) {
      return Verdict.notApplicable("only one set of kernels is at hand");
    }
    String other = digests.get(c.title());
    String own = c.digest();
    return Verdict.holds(own.equals(other), "%s here, %s there".formatted(own, other));
  }

  /** A hash of the results of every case whose title is wanted, by title. */
  public static Map<String, String> digests(Predicate<String> wanted) {
    return Catalog.cases().stream()
        .filter(c -> wanted.test(c.title()))
        .collect(
            Collectors.toMap(Case::title, Case::digest, (first, _) -> first, LinkedHashMap::new));
  }
}
