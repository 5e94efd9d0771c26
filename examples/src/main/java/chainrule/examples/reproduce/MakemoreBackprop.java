package chainrule.examples.reproduce;

import chainrule.autograd.Autograd;
import chainrule.examples.random.TorchRandom;
import chainrule.nn.Losses;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every intermediate of a net with batch norm differentiated by hand, beside the engine's gradient
 * of the same number.
 *
 * <p>Source: Karpathy, <i>Building makemore, part 4: becoming a backprop ninja</i> (2022), exercise
 * 1; the names are the source's, and so are the lines.
 */
final class MakemoreBackprop {
  static final Experiment EXPERIMENT =
      new Experiment(
          "makemore-backprop",
          "Karpathy, building makemore, part 4 (2022), exercise 1",
          "the gradient of each of 25 intermediates by hand equals the engine's to 1e-12",
          "1 s",
          "1 s",
          List.of(Names.FILE),
          MakemoreBackprop::run);

  private static final int N = 32;
  private static final int CONTEXT = 3;
  private static final int WIDTH = 10;
  private static final int HIDDEN = 64;

  private MakemoreBackprop() {}

  private static Parameter normal(TorchRandom g, double scale, double shift, int... shape) {
    Tensor drawn = Makemore.normal(g, "", 1, shape).detach().to(DType.F64);
    return drawn.mul(scale).add(shift).requiresGrad();
  }

  private static void run(Lab lab) throws IOException {
    Names.Examples examples = Names.read(lab).split(CONTEXT).train();
    var g = new TorchRandom(Makemore.SEED);
    int in = CONTEXT * WIDTH;
    Parameter c = normal(g, 1, 0, Names.SYMBOLS, WIDTH);
    Parameter w1 = normal(g, 5.0 / 3 / Math.sqrt(in), 0, in, HIDDEN);
    Parameter b1 = normal(g, 0.1, 0, HIDDEN);
    Parameter w2 = normal(g, 0.1, 0, HIDDEN, Names.SYMBOLS);
    Parameter b2 = normal(g, 0.1, 0, Names.SYMBOLS);
    Parameter bngain = normal(g, 0.1, 1, 1, HIDDEN);
    Parameter bnbias = normal(g, 0.1, 0, 1, HIDDEN);
    int[] rows = g.randint(examples.size(), N);
    Tensor x = examples.inputs(rows);
    Tensor y = examples.targets(rows);
    Tensor truth = y.oneHot(Names.SYMBOLS, DType.F64);

    // forward, in steps that are short enough to differentiate one by one
    Tensor emb = c.indexSelect(0, x.flatten());
    Tensor embcat = emb.reshape(N, in);
    Tensor hprebn = embcat.matmul(w1).add(b1);
    Tensor bnmeani = hprebn.sum(0, true).mul(1.0 / N);
    Tensor bndiff = hprebn.sub(bnmeani);
    Tensor bndiff2 = bndiff.pow(2);
    Tensor bnvar = bndiff2.sum(0, true).mul(1.0 / (N - 1));
    Tensor bnvarinv = bnvar.add(1e-5).pow(-0.5);
    Tensor bnraw = bndiff.mul(bnvarinv);
    Tensor hpreact = bngain.mul(bnraw).add(bnbias);
    Tensor h = hpreact.tanh();
    Tensor logits = h.matmul(w2).add(b2);
    Tensor maxima = logits.max(1, true).detach();
    Tensor norm = logits.sub(maxima);
    Tensor counts = norm.exp();
    Tensor sum = counts.sum(1, true);
    Tensor inverse = sum.pow(-1);
    Tensor probs = counts.mul(inverse);
    Tensor logprobs = probs.log();
    Tensor loss = logprobs.mul(truth).sum().mul(-1.0 / N);
    lab.exact("loss, step by step and fused", Losses.crossEntropy(logits, y).item(), loss.item());

    // backward, by hand
    Tensor dlogprobs = truth.mul(-1.0 / N);
    Tensor dprobs = dlogprobs.div(probs);
    Tensor dinverse = counts.mul(dprobs).sum(1, true);
    Tensor dsum = dinverse.mul(sum.pow(-2).neg());
    Tensor dcounts = inverse.mul(dprobs).add(dsum);
    Tensor dnorm = counts.mul(dcounts);
    Tensor dlogits = dnorm; // what the maxima add comes to zero
    Tensor dh = dlogits.matmul(w2, false, true);
    Tensor dw2 = h.matmul(dlogits, true, false);
    Tensor db2 = dlogits.sum(0);
    Tensor dhpreact = h.square().oneMinus().mul(dh);
    Tensor dbngain = bnraw.mul(dhpreact).sum(0, true);
    Tensor dbnbias = dhpreact.sum(0, true);
    Tensor dbnraw = bngain.mul(dhpreact);
    Tensor dbnvarinv = bndiff.mul(dbnraw).sum(0, true);
    Tensor dbnvar = bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvarinv);
    Tensor dbndiff2 = dbnvar.mul(1.0 / (N - 1)).expand(N, HIDDEN);
    Tensor dbndiff = bnvarinv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2));
    Tensor dbnmeani = dbndiff.sum(0, true).neg();
    Tensor dhprebn = dbndiff.add(dbnmeani.mul(1.0 / N));
    Tensor dembcat = dhprebn.matmul(w1, false, true);
    Tensor dw1 = embcat.matmul(dhprebn, true, false);
    Tensor db1 = dhprebn.sum(0);
    Tensor demb = dembcat.reshape(N * CONTEXT, WIDTH);
    Tensor dc = x.flatten().oneHot(Names.SYMBOLS, DType.F64).matmul(demb, true, false);

    Map<String, List<Tensor>> pairs = new LinkedHashMap<>();
    pairs.put("logprobs", List.of(logprobs, dlogprobs));
    pairs.put("probs", List.of(probs, dprobs));
    pairs.put("counts_sum_inv", List.of(inverse, dinverse));
    pairs.put("counts_sum", List.of(sum, dsum));
    pairs.put("counts", List.of(counts, dcounts));
    pairs.put("norm_logits", List.of(norm, dnorm));
    pairs.put("logits", List.of(logits, dlogits));
    pairs.put("h", List.of(h, dh));
    pairs.put("W2", List.of(w2, dw2));
    pairs.put("b2", List.of(b2, db2));
    pairs.put("hpreact", List.of(hpreact, dhpreact));
    pairs.put("bngain", List.of(bngain, dbngain));
    pairs.put("bnbias", List.of(bnbias, dbnbias));
    pairs.put("bnraw", List.of(bnraw, dbnraw));
    pairs.put("bnvar_inv", List.of(bnvarinv, dbnvarinv));
    pairs.put("bnvar", List.of(bnvar, dbnvar));
    pairs.put("bndiff2", List.of(bndiff2, dbndiff2));
    pairs.put("bndiff", List.of(bndiff, dbndiff));
    pairs.put("bnmeani", List.of(bnmeani, dbnmeani));
    pairs.put("hprebn", List.of(hprebn, dhprebn));
    pairs.put("embcat", List.of(embcat, dembcat));
    pairs.put("W1", List.of(w1, dw1));
    pairs.put("b1", List.of(b1, db1));
    pairs.put("emb", List.of(emb, demb));
    pairs.put("C", List.of(c, dc));
    List<Tensor> intermediates = new ArrayList<>();
    pairs.values().forEach(pair -> intermediates.add(pair.getFirst()));
    List<Tensor> engine = Autograd.grad(loss, intermediates);
    int i = 0;
    for (var pair : pairs.entrySet()) {
      double[] byHand = pair.getValue().getLast().toDoubleArray();
      lab.all("d" + pair.getKey(), byHand, engine.get(i++).toDoubleArray(), Lab.EXACT);
    }
    Tensor fused = probs.sub(truth).div(N);
    lab.all("dlogits in one line", fused.toDoubleArray(), engine.get(6).toDoubleArray(), Lab.EXACT);
    lab.draw(
        new Plot.Pictures(
            "dlogits: each row pushes its true symbol up and the others down",
            Names.SYMBOLS,
            List.of(),
            List.of(engine.get(6).toDoubleArray())));
  }
}
