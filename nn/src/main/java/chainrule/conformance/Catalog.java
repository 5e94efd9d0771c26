package chainrule.conformance;

import java.util.ArrayList;
import java.util.List;

/** All cases. */
final class Catalog {
  private Catalog() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(LayerCases.all());
    cases.addAll(SequenceCases.all());
    cases.addAll(LossCases.all());
    cases.addAll(OptimizerCases.all());
    cases.addAll(ScheduleCases.all());
    return cases;
  }
}
