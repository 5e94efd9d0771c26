package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.examples.random.PythonRandom;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two family trees of the same form, one English and one Italian: a net that is told a person and a
 * relation learns to name who is meant, and its units come to stand for nationality, generation and
 * branch of the family.
 *
 * <p>Sources: Hinton, <i>Learning distributed representations of concepts</i> (1986); Rumelhart,
 * Hinton and Williams, Nature 323 (1986), figures 2 to 4. The printed recipe starts from ±0.3 and
 * learns nothing in a stored replication; here weights start from ±1 and ε is 0.05.
 */
final class FamilyTrees {
  static final Experiment EXPERIMENT =
      new Experiment(
          "family-trees",
          "Hinton (1986); Rumelhart, Hinton & Williams (1986), figures 2 to 4",
          "104 facts, of which 100 are trained and at least 95 learned",
          "",
          "10 s",
          List.of(),
          FamilyTrees::run);

  private static final int PEOPLE = 24;
  private static final int SWEEPS = 10_000;
  private static final int SEEDS = 5;
  private static final double DECAY = 2e-4;

  private static final List<String> RELATIONS =
      List.of(
          "father",
          "mother",
          "husband",
          "wife",
          "son",
          "daughter",
          "uncle",
          "aunt",
          "brother",
          "sister",
          "nephew",
          "niece");

  /** Men and women by turns, in couples; the last two are children. */
  private static final List<String> NAMES =
      List.of(
          "Christopher",
          "Penelope",
          "Andrew",
          "Christine",
          "Arthur",
          "Margaret",
          "James",
          "Victoria",
          "Charles",
          "Jennifer",
          "Colin",
          "Charlotte",
          "Roberto",
          "Maria",
          "Pierro",
          "Francesca",
          "Emilio",
          "Gina",
          "Marco",
          "Lucia",
          "Tomaso",
          "Angela",
          "Alfonso",
          "Sophia");

  /** The couple that are someone's parents, by the place of its man; −1 where none is told. */
  private static final int[] PARENTS = {-1, -1, -1, -1, 0, -1, 2, 0, -1, 2, 6, 6};

  /** A question and its answers. */
  private record Fact(int person, int relation, Set<Integer> answers) {}

  private FamilyTrees() {}

  private static boolean man(int p) {
    return p % 2 == 0;
  }

  private static Set<Integer> children(int p) {
    Set<Integer> all = new TreeSet<>();
    for (int c = 0; c < 12; c++) {
      if (PARENTS[c] == (p & ~1)) {
        all.add(c);
      }
    }
    return all;
  }

  private static Set<Integer> siblings(int p) {
    Set<Integer> all = new TreeSet<>();
    if (PARENTS[p] >= 0) {
      all.addAll(children(PARENTS[p]));
      all.remove(p);
    }
    return all;
  }

  /** Brothers and sisters of the parents, and whom they married. */
  private static Set<Integer> parentsSiblings(int p) {
    Set<Integer> all = new TreeSet<>();
    if (PARENTS[p] >= 0) {
      for (int parent = PARENTS[p]; parent < PARENTS[p] + 2; parent++) {
        for (int s : siblings(parent)) {
          all.add(s);
          all.add(s ^ 1);
        }
      }
    }
    return all;
  }

  private static Set<Integer> siblingsChildren(int p) {
    Set<Integer> all = new TreeSet<>();
    for (int c = 0; c < 12; c++) {
      if (parentsSiblings(c).contains(p)) {
        all.add(c);
      }
    }
    return all;
  }

  private static Set<Integer> answers(int p, String relation) {
    boolean married = p < 10;
    Set<Integer> parents =
        PARENTS[p] < 0 ? Set.of() : new TreeSet<>(Set.of(PARENTS[p], PARENTS[p] + 1));
    Set<Integer> couple = married ? Set.of(p ^ 1) : Set.of();
    return switch (relation) {
      case "father" -> only(parents, true);
      case "mother" -> only(parents, false);
      case "husband" -> only(couple, true);
      case "wife" -> only(couple, false);
      case "son" -> only(married ? children(p) : Set.of(), true);
      case "daughter" -> only(married ? children(p) : Set.of(), false);
      case "uncle" -> only(parentsSiblings(p), true);
      case "aunt" -> only(parentsSiblings(p), false);
      case "brother" -> only(siblings(p), true);
      case "sister" -> only(siblings(p), false);
      case "nephew" -> only(siblingsChildren(p), true);
      default -> only(siblingsChildren(p), false);
    };
  }

  private static Set<Integer> only(Set<Integer> people, boolean men) {
    Set<Integer> some = new TreeSet<>(people);
    some.removeIf(p -> man(p) != men);
    return some;
  }

  private static List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    for (int tree = 0; tree < PEOPLE; tree += 12) {
      for (int p = 0; p < 12; p++) {
        for (int r = 0; r < RELATIONS.size(); r++) {
          Set<Integer> shifted = new TreeSet<>();
          for (int a : answers(p, RELATIONS.get(r))) {
            shifted.add(a + tree);
          }
          if (!shifted.isEmpty()) {
            facts.add(new Fact(p + tree, r, shifted));
          }
        }
      }
    }
    return facts;
  }

  /** The facts as one-hot persons, one-hot relations, and who is meant. */
  private record Cases(Tensor person, Tensor relation, Tensor meant) {
    static Cases of(List<Fact> facts) {
      double[][] person = new double[facts.size()][PEOPLE];
      double[][] relation = new double[facts.size()][RELATIONS.size()];
      double[][] meant = new double[facts.size()][PEOPLE];
      for (int i = 0; i < facts.size(); i++) {
        Fact f = facts.get(i);
        person[i][f.person] = 1;
        relation[i][f.relation] = 1;
        int row = i;
        f.answers.forEach(a -> meant[row][a] = 1);
      }
      return new Cases(Tensor.of(person), Tensor.of(relation), Tensor.of(meant));
    }

    Tensor inputs() {
      return Tensor.cat(1, person, relation);
    }
  }

  /** 24 + 12 inputs, 6 + 6, 12, 6, 24. */
  private static final class Net {
    private final List<Parameter> all = new ArrayList<>();

    Net(long seed) {
      var random = new PythonRandom(seed);
      int[][] sizes = {{6, PEOPLE}, {6, RELATIONS.size()}, {12, 12}, {6, 12}, {PEOPLE, 6}};
      for (int[] size : sizes) {
        all.add(Logistic.uniform(random, 1, size));
        all.add(Logistic.uniform(random, 1, size[0]));
      }
    }

    private Tensor layer(int i, Tensor x) {
      return x.linear(all.get(2 * i), all.get(2 * i + 1)).sigmoid();
    }

    Tensor outputs(Tensor x) {
      Tensor person = layer(0, x.slice(1, 0, PEOPLE));
      Tensor relation = layer(1, x.slice(1, PEOPLE, PEOPLE + RELATIONS.size()));
      return layer(4, layer(3, layer(2, Tensor.cat(1, person, relation))));
    }
  }

  private static void run(Lab lab) {
    List<Fact> facts = facts();
    lab.exact("facts", 104, facts.size());
    Integer[] order = new Integer[facts.size()];
    Arrays.setAll(order, i -> i);
    new PythonRandom(0).shuffle(order);
    List<Fact> shuffled = Arrays.stream(order).map(facts::get).toList();
    Cases train = Cases.of(shuffled.subList(0, 100));
    Cases held = Cases.of(shuffled.subList(100, 104));
    Tensor x = train.inputs();
    Net best = new Net(0);
    List<Integer> learned = new ArrayList<>();
    List<Plot.Curve> curves = new ArrayList<>();
    int most = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Net net = new Net(seed);
      curves.add(Plot.Curve.of("seed " + seed, train(net, x, train.meant)));
      int right = Logistic.agreeing(net.outputs(x).detach(), train.meant);
      int unseen = Logistic.agreeing(net.outputs(held.inputs()).detach(), held.meant);
      learned.add(right);
      lab.progress("seed %d: %d of 100 learned", seed, right);
      lab.note("seed %d: %d of 100 learned, %d of the 4 held out right", seed, right, unseen);
      if (right > most) {
        most = right;
        best = net;
      }
    }
    learned.sort(null);
    lab.atLeast("facts learned of 100, median of five seeds", 95, learned.get(SEEDS / 2));
    lab.draw(new Plot.Curves("Error of every sweep", "sweep", "½ Σ (y − d)²", true, curves));
    List<double[]> units = new ArrayList<>();
    double[] w = best.all.getFirst().value().to(DType.F64).toDoubleArray();
    for (int unit = 0; unit < 6; unit++) {
      units.add(Arrays.copyOfRange(w, unit * PEOPLE, (unit + 1) * PEOPLE));
    }
    lab.draw(
        new Plot.Pictures(
            "Weights from persons into the six units: English above, Italian below; "
                + String.join(", ", NAMES.subList(0, 12)),
            12,
            List.of("1", "2", "3", "4", "5", "6"),
            units));
  }

  /** The paper's first twenty sweeps are gentle: ε 0.005 and α 0.5. */
  private static double[] train(Net net, Tensor x, Tensor meant) {
    Compiled gentle = Logistic.sweep(net.all, new DeltaRule(0.005, 0.5, DECAY), net::outputs);
    Compiled rest = Logistic.sweep(net.all, new DeltaRule(0.05, 0.9, DECAY), net::outputs);
    double[] errors = new double[SWEEPS];
    for (int k = 0; k < SWEEPS; k++) {
      errors[k] = (k < 20 ? gentle : rest).number(x, meant);
    }
    return errors;
  }
}
