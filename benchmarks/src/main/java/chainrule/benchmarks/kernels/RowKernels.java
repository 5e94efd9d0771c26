package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.ChannelSplit;
import chainrule.internal.kernel.NormSplit;
import chainrule.internal.kernel.RowSplit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Softmax, normalisations and losses over the rows of a matrix; batch normalisation over its
 * columns, or over dimension 1 of batch × channels × inner.
 */
final class RowKernels {
  private static final double EPS = 1e-5;

  private RowKernels() {}

  static List<Kernel> all() {
    return List.of(
        rows("softmax", 8, RowKernels::softmax).quick(4096, 1024).also(16384, 1024),
        // a gradient reads y and what arrives, and writes dx
        rows("softmax_backward", 12, RowKernels::softmaxBackward).at(4096, 1024),
        rows("log_softmax", 8, RowKernels::logSoftmax).also(4096, 1024),
        rows("cross_entropy", 4, RowKernels::crossEntropy)
            .at(4096, 1024)
            .at(16384, 65)
            .also(65536, 10),
        rows("cross_entropy_backward", 8, RowKernels::crossEntropyBackward)
            .at(4096, 1024)
            .at(16384, 65)
            .also(65536, 10),
        rows("layer_norm", 8, d -> norm(d, true)).quick(4096, 1024).also(16384, 1024),
        rows("layer_norm_backward", 12, d -> normBackward(d, true)).at(4096, 1024),
        rows("rms_norm", 8, d -> norm(d, false)).at(4096, 1024),
        rows("rms_norm_backward", 12, d -> normBackward(d, false)).at(4096, 1024),
        // the moments read x twice, normalisation once more
        rows("batch_norm", 16, d -> batchNorm(d, 1)).at(4096, 1024),
        rows("batch_norm_backward", 28, d -> batchNormBackward(d, 1)).at(4096, 1024),
        planes("batch_norm2d", 16, d -> batchNorm(d, d[2])).at(64, 64, 784),
        planes("batch_norm2d_backward", 28, d -> batchNormBackward(d, d[2])).at(64, 64, 784));
  }

  /** A kernel that moves {@code bytes} for each element of a matrix. */
  private static Kernel rows(String name, int bytes, Kernel.Setup setup) {
    return Kernel.bytes("rows", name, d -> (double) bytes * d[0] * d[1], setup);
  }

  private static Kernel planes(String name, int bytes, Kernel.Setup setup) {
    return Kernel.bytes("rows", name, d -> (double) bytes * d[0] * d[1] * d[2], setup);
  }

  private static Kernel.Body softmax(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    float[] y = new float[x.length];
    return Data.into(y, () -> RowSplit.softmax(Data.F32, x, y, d[0], d[1]));
  }

  private static Kernel.Body softmaxBackward(int[] d) {
    float[] g = Data.floats(d[0] * d[1]);
    float[] y = new float[g.length];
    float[] dx = new float[g.length];
    RowSplit.softmax(Data.F32, g, y, d[0], d[1]);
    return Data.into(dx, () -> RowSplit.softmaxBackward(Data.F32, g, y, dx, d[0], d[1]));
  }

  private static Kernel.Body logSoftmax(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    float[] y = new float[x.length];
    return Data.into(y, () -> RowSplit.logSoftmax(Data.F32, x, y, d[0], d[1]));
  }

  private static Kernel.Body crossEntropy(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] labels = Data.places(d[1], d[0]);
    float[] loss = new float[1];
    return Data.into(loss, () -> RowSplit.crossEntropy(Data.F32, x, labels, loss, d[0], d[1]));
  }

  private static Kernel.Body crossEntropyBackward(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] labels = Data.places(d[1], d[0]);
    float[] g = {1};
    float[] dx = new float[x.length];
    return Data.into(
        dx, () -> RowSplit.crossEntropyBackward(Data.F32, g, x, labels, dx, d[0], d[1]));
  }

  private static Kernel.Body norm(int[] d, boolean centred) {
    float[] x = Data.floats(d[0] * d[1]);
    float[] weight = Data.floats(d[1]);
    float @Nullable [] bias = centred ? Data.floats(d[1]) : null;
    float[] y = new float[x.length];
    return Data.into(
        y, () -> NormSplit.norm(Data.F32, x, weight, bias, y, centred, EPS, d[0], d[1]));
  }

  private static Kernel.Body normBackward(int[] d, boolean centred) {
    float[] g = Data.floats(d[0] * d[1]);
    float[] x = Data.floats(d[0] * d[1]);
    float[] weight = Data.floats(d[1]);
    float[] dx = new float[x.length];
    float[] dweight = new float[d[1]];
    float @Nullable [] dbias = centred ? new float[d[1]] : null;
    return Data.into(
        dx,
        () ->
            NormSplit.normBackward(
                Data.F32, g, x, weight, dx, dweight, dbias, centred, EPS, d[0], d[1]));
  }

  private static Kernel.Body batchNorm(int[] d, int inner) {
    float[] x = Data.floats(d[0] * d[1] * inner);
    float[] w = Data.floats(d[1]);
    float[] moments = new float[2 * d[1]];
    float[] y = new float[x.length];
    return Data.into(
        y,
        () -> {
          ChannelSplit.moments(Data.F32, x, moments, d[0], d[1], inner);
          ChannelSplit.normalise(Data.F32, x, moments, w, w, y, EPS, d[0], d[1], inner);
        });
  }

  /** Towards x beside the moments and through them, weight and bias. */
  private static Kernel.Body batchNormBackward(int[] d, int inner) {
    float[] g = Data.floats(d[0] * d[1] * inner);
    float[] x = Data.floats(g.length);
    float[] w = Data.floats(d[1]);
    float[] moments = Data.positive(2 * d[1]);
    float[] dmoments = new float[2 * d[1]];
    float[] dweight = new float[d[1]];
    float[] dbias = new float[d[1]];
    float[] dx = new float[x.length];
    float[] more = new float[x.length];
    return Data.into(
        dx,
        () -> {
          ChannelSplit.normaliseBackward(
              Data.F32, g, x, moments, w, dx, dmoments, dweight, dbias, EPS, d[0], d[1], inner);
          ChannelSplit.momentsBackward(Data.F32, dmoments, x, moments, more, d[0], d[1], inner);
        });
  }
}
