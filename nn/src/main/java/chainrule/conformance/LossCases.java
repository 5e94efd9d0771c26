package chainrule.conformance;

import chainrule.nn.BCELoss;
import chainrule.nn.BCEWithLogitsLoss;
import chainrule.nn.CTCLoss;
import chainrule.nn.CosineEmbeddingLoss;
import chainrule.nn.CrossEntropyLoss;
import chainrule.nn.GaussianNLLLoss;
import chainrule.nn.HingeLoss;
import chainrule.nn.HuberLoss;
import chainrule.nn.KLDivLoss;
import chainrule.nn.L1Loss;
import chainrule.nn.Loss;
import chainrule.nn.Losses;
import chainrule.nn.MSELoss;
import chainrule.nn.MultiMarginLoss;
import chainrule.nn.NLLLoss;
import chainrule.nn.PoissonNLLLoss;
import chainrule.nn.Reduction;
import chainrule.nn.SmoothL1Loss;
import chainrule.nn.SquaredHingeLoss;
import chainrule.nn.TripletMarginLoss;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The losses, each with every reduction. */
final class LossCases {
  private static final List<Reduction> REDUCTIONS =
      List.of(Reduction.NONE, Reduction.MEAN, Reduction.SUM);
  private static final String IGNORED = "every row ignored";
  private static final String REFUSED = "a second derivative is refused";

  private final List<Case> cases = new ArrayList<>();

  private LossCases() {}

  static List<Case> all() {
    var cases = new LossCases();
    cases.functions();
    cases.distances();
    cases.classes();
    cases.probabilities();
    cases.vectors();
    cases.sequences();
    return cases.cases;
  }

  /** The inputs of a loss by name. */
  record Inputs(Map<String, Tensor> tensors) {
    Tensor get(String name) {
      return Objects.requireNonNull(tensors.get(name), name);
    }

    /** What the prediction is compared with. */
    Tensor target() {
      return tensors.containsKey("y") ? get("y") : get("fixed_y");
    }
  }

  /** The options of a loss, some of which can be tensors of the fixture. */
  private interface Build<L> {
    L of(Reduction reduction, Inputs in);
  }

  /** How a loss is applied. */
  private interface Apply<L> {
    Tensor of(L loss, Inputs in);
  }

  private <L extends Record> void add(
      Class<L> type, String name, List<Reduction> reductions, Build<L> build, Apply<L> apply) {
    for (Reduction reduction : reductions) {
      String word = reduction.name().toLowerCase(Locale.ROOT).replace("_", "");
      var one =
          new FunctionCase(
              type.getSimpleName(),
              name.isEmpty() ? word : name + ", " + word,
              in -> apply.of(build.of(reduction, new Inputs(in)), new Inputs(in)),
              in -> Records.values(build.of(reduction, new Inputs(in))));
      if (type == CTCLoss.class) {
        one.without(Columns.ORDER_2, REFUSED);
      }
      if (name.equals(IGNORED) && reduction == Reduction.MEAN) {
        one.without(Columns.ORDER_1, "the value is NaN, as PyTorch's");
      }
      cases.add(one);
    }
  }

  private <L extends Record & Loss> void add(Class<L> type, String name, Build<L> build) {
    add(type, name, REDUCTIONS, build, (loss, in) -> loss.of(in.get("x"), in.target()));
  }

  private void function(String name, Loss loss) {
    cases.add(
        new FunctionCase(
            name,
            "mean",
            in -> loss.of(new Inputs(in).get("x"), new Inputs(in).target()),
            in -> Map.of()));
  }

  private void functions() {
    function("mse", Losses::mse);
    function("l1", Losses::l1);
    function("huber", Losses::huber);
    function("smoothL1", Losses::smoothL1);
    function("crossEntropy", Losses::crossEntropy);
    function("nll", Losses::nll);
    function("bce", Losses::bce);
    function("bceWithLogits", Losses::bceWithLogits);
    function("klDiv", Losses::klDiv);
    function("hinge", Losses::hinge);
    function("squaredHinge", Losses::squaredHinge);
    function("multiMargin", Losses::multiMargin);
    function("poissonNll", Losses::poissonNll);
  }

  private void distances() {
    add(MSELoss.class, "", (r, _) -> new MSELoss(r));
    add(L1Loss.class, "", (r, _) -> new L1Loss(r));
    add(HuberLoss.class, "", (r, _) -> new HuberLoss().reduction(r));
    add(HuberLoss.class, "delta", (r, _) -> new HuberLoss(r, 0.3));
    add(SmoothL1Loss.class, "", (r, _) -> new SmoothL1Loss().reduction(r));
    add(SmoothL1Loss.class, "beta", (r, _) -> new SmoothL1Loss(r, 0.3));
    add(HingeLoss.class, "", (r, _) -> new HingeLoss(r));
    add(SquaredHingeLoss.class, "", (r, _) -> new SquaredHingeLoss(r));
  }

  private static CrossEntropyLoss crossEntropy(Reduction r) {
    return new CrossEntropyLoss().reduction(r);
  }

  private static Tensor weight(Inputs in) {
    return in.get("fixed_weight");
  }

  private void classes() {
    Class<CrossEntropyLoss> type = CrossEntropyLoss.class;
    add(type, "", (r, _) -> crossEntropy(r));
    add(type, "weight", (r, in) -> crossEntropy(r).weight(weight(in)));
    add(type, "ignored rows", (r, _) -> crossEntropy(r));
    add(type, "ignore index", (r, in) -> crossEntropy(r).weight(weight(in)).ignoreIndex(1));
    add(type, "label smoothing", (r, _) -> crossEntropy(r).labelSmoothing(0.1));
    add(
        type,
        "all of these",
        (r, in) -> crossEntropy(r).weight(weight(in)).ignoreIndex(1).labelSmoothing(0.3));
    add(type, "probabilities", (r, _) -> crossEntropy(r));
    add(
        type,
        "probabilities, weight, label smoothing",
        (r, in) -> crossEntropy(r).weight(weight(in)).labelSmoothing(0.2));
    add(type, "images", (r, _) -> crossEntropy(r));
    add(type, "extremes", (r, _) -> crossEntropy(r));
    add(type, IGNORED, (r, _) -> crossEntropy(r));

    add(NLLLoss.class, "", (r, _) -> new NLLLoss().reduction(r));
    add(NLLLoss.class, "weight", (r, in) -> new NLLLoss().reduction(r).weight(weight(in)));
    add(NLLLoss.class, "ignore index", (r, _) -> new NLLLoss().reduction(r).ignoreIndex(2));
    add(NLLLoss.class, "images", (r, _) -> new NLLLoss().reduction(r));

    Class<MultiMarginLoss> margins = MultiMarginLoss.class;
    add(margins, "", (r, _) -> new MultiMarginLoss().reduction(r));
    add(margins, "power", (r, _) -> new MultiMarginLoss().reduction(r).p(2));
    add(margins, "margin, weight", (r, in) -> new MultiMarginLoss(2, 0.6, weight(in), r));
  }

  private void probabilities() {
    add(BCELoss.class, "", (r, _) -> new BCELoss().reduction(r));
    add(BCELoss.class, "weight", (r, in) -> new BCELoss(weight(in), r));
    Class<BCEWithLogitsLoss> logits = BCEWithLogitsLoss.class;
    add(logits, "", (r, _) -> new BCEWithLogitsLoss().reduction(r));
    add(logits, "weight", (r, in) -> new BCEWithLogitsLoss().weight(weight(in)).reduction(r));
    add(
        logits,
        "positive weight",
        (r, in) -> new BCEWithLogitsLoss().posWeight(in.get("fixed_pos")).reduction(r));

    add(logits, "extremes", (r, _) -> new BCEWithLogitsLoss().reduction(r));

    List<Reduction> all = List.of(Reduction.values());
    Apply<KLDivLoss> divergence = (loss, in) -> loss.of(in.get("x"), in.target());
    add(KLDivLoss.class, "", all, (r, _) -> new KLDivLoss().reduction(r), divergence);
    add(KLDivLoss.class, "log target", all, (r, _) -> new KLDivLoss(r, true), divergence);

    Class<PoissonNLLLoss> poisson = PoissonNLLLoss.class;
    add(poisson, "", (r, _) -> new PoissonNLLLoss().reduction(r));
    add(poisson, "full", (r, _) -> new PoissonNLLLoss().full(true).reduction(r));
    add(poisson, "means", (r, _) -> new PoissonNLLLoss(false, true, 1e-3, r));

    Apply<GaussianNLLLoss> gaussian = (loss, in) -> loss.of(in.get("x"), in.target(), in.get("v"));
    Class<GaussianNLLLoss> normal = GaussianNLLLoss.class;
    add(normal, "", REDUCTIONS, (r, _) -> new GaussianNLLLoss().reduction(r), gaussian);
    add(normal, "full", REDUCTIONS, (r, _) -> new GaussianNLLLoss(true, 1e-3, r), gaussian);
  }

  private void vectors() {
    Apply<CosineEmbeddingLoss> cosine =
        (loss, in) -> loss.of(in.get("a"), in.get("b"), in.target());
    Class<CosineEmbeddingLoss> angles = CosineEmbeddingLoss.class;
    add(angles, "", REDUCTIONS, (r, _) -> new CosineEmbeddingLoss().reduction(r), cosine);
    add(angles, "margin", REDUCTIONS, (r, _) -> new CosineEmbeddingLoss(-0.4, r), cosine);
    Apply<TripletMarginLoss> triplets =
        (loss, in) -> loss.of(in.get("a"), in.get("p"), in.get("n"));
    add(
        TripletMarginLoss.class,
        "",
        REDUCTIONS,
        (r, _) -> new TripletMarginLoss().reduction(r),
        triplets);
    add(
        TripletMarginLoss.class,
        "all options",
        REDUCTIONS,
        (r, _) -> new TripletMarginLoss(2.5, 3, 1e-3, true, r),
        triplets);
  }

  private void sequences() {
    Apply<CTCLoss> apply =
        (loss, in) ->
            loss.of(
                in.get("x").logSoftmax(2),
                in.target(),
                in.get("times").toIntArray(),
                in.get("lengths").toIntArray());
    Class<CTCLoss> type = CTCLoss.class;
    add(type, "", REDUCTIONS, (r, _) -> new CTCLoss().reduction(r), apply);
    add(type, "no labels", REDUCTIONS, (r, _) -> new CTCLoss().reduction(r), apply);
    add(type, "joined", REDUCTIONS, (r, _) -> new CTCLoss().reduction(r), apply);
    add(type, "blank, impossible", REDUCTIONS, (r, _) -> new CTCLoss(3, r, true), apply);
  }
}
