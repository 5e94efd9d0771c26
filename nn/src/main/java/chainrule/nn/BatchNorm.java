package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/** Batch normalisation for inputs of any rank. */
abstract sealed class BatchNorm extends ChannelNorm permits BatchNorm1d, BatchNorm2d {
  BatchNorm(int channels, BatchNormOptions options) {
    super(
        channels, options.eps(), options.momentum(), options.affine(), options.trackRunningStats());
  }

  final Tensor normalise(Tensor x) {
    if (!ownMoments() && runningMean != null && runningVar != null) {
      return x.batchNorm(runningMean.value(), runningVar.value(), weight, bias, eps);
    }
    int n = x.size() / channels;
    if (n < 2) {
      throw new ShapeException(
          training()
              ? "%s: training needs more than one value per channel, got %s; use a larger batch or eval()"
                  .formatted(label(), x.shape())
              : "%s: without running statistics more than one value per channel is needed, got %s"
                  .formatted(label(), x.shape()));
    }
    Tensor moments = x.channelMoments();
    if (training()) {
      follow(moments.detach(), n);
    }
    return x.batchNorm(moments, weight, bias, eps);
  }
}
