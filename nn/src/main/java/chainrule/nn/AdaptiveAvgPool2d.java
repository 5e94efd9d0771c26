package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * The means of as many regions as asked for, whatever the size of the images: N×C×H×W becomes N×C ×
 * height × width. Region i of n goes from row {@code ⌊i·H/n⌋} to before row {@code ⌈(i + 1)·H/n⌉}.
 */
public final class AdaptiveAvgPool2d extends Module {
  private final int height;
  private final int width;

  /** As many regions one above the other as side by side; 1 takes the mean of each channel. */
  public AdaptiveAvgPool2d(int size) {
    this(size, size);
  }

  /**
   * So many regions one above the other, and so many side by side.
   *
   * @throws IllegalArgumentException if a size is below 1
   */
  public AdaptiveAvgPool2d(int height, int width) {
    Checks.positive("AdaptiveAvgPool2d", "size", Math.min(height, width));
    this.height = height;
    this.width = width;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.adaptiveAvgPool2d(height, width);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("size", List.of(height, width));
  }
}
