package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/** Instance normalisation for inputs of any rank. */
abstract sealed class InstanceNorm extends ChannelNorm permits InstanceNorm1d, InstanceNorm2d {
  InstanceNorm(int channels, InstanceNormOptions options) {
    super(
        channels, options.eps(), options.momentum(), options.affine(), options.trackRunningStats());
  }

  final Tensor normalise(Tensor x) {
    if (!ownMoments() && runningMean != null && runningVar != null) {
      return x.batchNorm(runningMean.value(), runningVar.value(), weight, bias, eps);
    }
    int samples = x.size(0);
    int n = Checks.span(x.shape(), 2);
    if (n < 2) {
      throw new ShapeException(
          "%s: each channel of a sample needs more than one value, got %s"
              .formatted(label(), x.shape()));
    }
    Tensor planes = x.reshape(1, samples * channels, n);
    Tensor moments = planes.channelMoments();
    if (training() && samples > 0) {
      follow(moments.detach().reshape(2, samples, channels).mean(1), n);
    }
    Tensor y = planes.batchNorm(moments, null, null, eps).reshape(x.shape().toArray());
    return Affine.of(y, weight, bias);
  }
}
