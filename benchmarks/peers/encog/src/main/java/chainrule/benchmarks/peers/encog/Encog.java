package chainrule.benchmarks.peers.encog;

import chainrule.benchmarks.peers.Engine;
import chainrule.benchmarks.peers.InitialWeights;
import chainrule.benchmarks.peers.Training;
import chainrule.benchmarks.peers.Worker;
import chainrule.benchmarks.peers.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.encog.engine.network.activation.ActivationFunction;
import org.encog.engine.network.activation.ActivationSigmoid;
import org.encog.engine.network.activation.ActivationTANH;
import org.encog.ml.data.basic.BasicMLDataSet;
import org.encog.neural.networks.BasicNetwork;
import org.encog.neural.networks.layers.BasicLayer;
import org.encog.neural.networks.training.propagation.back.Backpropagation;
import org.jspecify.annotations.Nullable;

/** Encog, in F64; the number of threads is its one argument. */
public final class Encog implements Engine {
  private final int threads;

  private Encog(int threads) {
    this.threads = threads;
  }

  /** Serves as a worker. */
  public static void main(String[] args) throws IOException {
    Worker.serve(new Encog(Integer.parseInt(args[0])));
  }

  @Override
  public String title() {
    return "Encog 3.4";
  }

  @Override
  public @Nullable Task open(Workload w) {
    return switch (w.training().orElse(null)) {
      // four samples are slower on several threads by far
      case TINY -> new Trained(Training.TINY, new ActivationTANH(), 1);
      case NIELSEN -> new Trained(Training.NIELSEN, new ActivationSigmoid(), threads);
      case null, default -> null;
    };
  }

  /** Encog adds the gradients of a batch, of half the squared error. */
  private static final class Trained implements Steps {
    /** The training's loss over Encog's error. */
    private final double error;

    private final List<Backpropagation> batches = new ArrayList<>();
    private int steps;

    Trained(Training training, ActivationFunction hidden, int threads) {
      int[] widths = training.widths();
      BasicNetwork network = new BasicNetwork();
      network.addLayer(new BasicLayer(null, true, widths[0]));
      network.addLayer(new BasicLayer(hidden, true, widths[1]));
      network.addLayer(new BasicLayer(new ActivationSigmoid(), false, widths[2]));
      network.getStructure().finalizeStructure();
      draw(network, widths);
      boolean mean = training == Training.TINY;
      // for the sum of a batch what 0.5 is for the mean
      double rate = (mean ? 2 : 1) * 0.5 / training.batch();
      error = mean ? 1 : widths[2] / 2.0;
      for (int k = 0; k < training.batches(); k++) {
        double[][] x = rows(training.inputs(k), widths[0]);
        double[][] y = rows(training.targets(k), widths[2]);
        Backpropagation step = new Backpropagation(network, new BasicMLDataSet(x, y), rate, 0);
        step.setThreadCount(threads);
        step.fixFlatSpot(false);
        batches.add(step);
      }
    }

    private static void draw(BasicNetwork network, int... widths) {
      InitialWeights weights = new InitialWeights();
      for (int layer = 0; layer + 1 < widths.length; layer++) {
        int in = widths[layer];
        float[] w = weights.next(in, in * widths[layer + 1]);
        float[] b = weights.next(in, widths[layer + 1]);
        for (int o = 0; o < b.length; o++) {
          for (int i = 0; i < in; i++) {
            network.setWeight(layer, i, o, w[o * in + i]);
          }
          network.setWeight(layer, in, o, b[o]); // the neuron that is always 1 is the last
        }
      }
    }

    private static double[][] rows(float[] x, int columns) {
      double[][] rows = new double[x.length / columns][columns];
      for (int i = 0; i < x.length; i++) {
        rows[i / columns][i % columns] = x[i];
      }
      return rows;
    }

    @Override
    public void run() {
      batches.get(steps % batches.size()).iteration();
      steps++;
    }

    /** Its error is the mean over outputs of the square. */
    @Override
    public float loss() {
      return (float) (error * batches.get((steps - 1) % batches.size()).getError());
    }
  }
}
