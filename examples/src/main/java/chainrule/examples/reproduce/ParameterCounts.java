package chainrule.examples.reproduce;

import chainrule.examples.random.PythonRandom;
import java.util.List;

/** How many numbers published networks have, counted layer by layer. */
final class ParameterCounts {
  static final Experiment EXPERIMENT =
      new Experiment(
          "parameter-counts",
          "micrograd, makemore, microgpt and the lectures on GPT (Karpathy); 3Blue1Brown (2017)",
          "337, 41, 13,002, 11,897, 76,579, 4,192 and 10,788,929 parameters",
          "1 s",
          "1 s",
          List.of(),
          ParameterCounts::run);

  private ParameterCounts() {}

  private static void run(Lab lab) {
    lab.exact("micrograd's demo, single numbers", 337, scalars(2, 16, 16, 1));
    lab.exact("the lecture's MLP(3, [4, 4, 1])", 41, scalars(3, 4, 4, 1));
    lab.exact("784-16-16-10", 13_002, scalars(784, 16, 16, 10));
    lab.exact("micrograd's demo, layers", 337, Nets.mlp(2, 16, 16, 1).parameterCount());
    lab.exact("784-16-16-10, layers", 13_002, Nets.mlp(784, 16, 16, 10).parameterCount());
    lab.exact("makemore's MLP", 11_897, MakemoreMlp.parameterCount());
    lab.exact("microgpt", 4_192, Microgpt.parameterCount());
    lab.exact("makemore's WaveNet-like net", 76_579, MakemoreWavenet.net().parameterCount());
    lab.exact("the lecture's GPT", 10_788_929, Gpt.lecture().parameterCount());
  }

  private static int scalars(int... sizes) {
    return new ScalarMlp(new PythonRandom(1), sizes).parameterCount();
  }
}
