package chainrule.tensor;

/** Reading and adding at indices, which are I32 tensors; sorting. */
public sealed interface Indexing permits Tensor {
  private Tensor tensor() {
    return (Tensor) this;
  }

  /**
   * {@code y[.., i, ..] = x[.., index[.., i, ..], ..]}.
   *
   * @param index of this tensor's shape but for {@code dim}
   * @throws IndexOutOfBoundsException if an index is outside the dimension
   */
  default Tensor gather(int dim, Tensor index) {
    return Tensor.apply(new Indexed.Gather(tensor().shape().axis(dim)), tensor(), index);
  }

  /**
   * This tensor with {@code source} added at the indices along {@code dim}.
   *
   * @param index of the source's shape
   * @param source of this tensor's shape but for {@code dim}
   * @throws ShapeException if the shapes differ elsewhere
   * @throws IndexOutOfBoundsException if an index is outside the dimension
   */
  default Tensor scatterAdd(int dim, Tensor index, Tensor source) {
    Shape s = tensor().shape();
    int d = s.axis(dim);
    Shape from = source.shape();
    if (from.rank() != s.rank() || !from.with(d, 0).equals(s.with(d, 0))) {
      throw new ShapeException(
          "scatterAdd: a source of "
              + from
              + " for "
              + s
              + "; they may differ only in dimension "
              + d);
    }
    return tensor().add(Tensor.apply(new Indexed.ScatterAdd(d, tensor().size(d)), source, index));
  }

  /** The slices at the given places of a dimension, in that order. */
  default Tensor indexSelect(int dim, Tensor index) {
    return Tensor.apply(new Indexed.IndexSelect(tensor().shape().axis(dim)), tensor(), index);
  }

  /** The elements at row-major positions; the result has the index's shape. */
  default Tensor take(Tensor index) {
    return tensor().flatten().indexSelect(0, index.flatten()).reshape(index.shape().toArray());
  }

  /** For each index a row of zeros with a one at its place, in F32. */
  default Tensor oneHot(int classes) {
    return oneHot(classes, DType.F32);
  }

  /**
   * For each index a row of zeros with a one at its place.
   *
   * @throws IndexOutOfBoundsException if an index is outside [0, classes)
   */
  default Tensor oneHot(int classes, DType dtype) {
    Tensor index = tensor().unsqueeze(-1);
    return Tensor.apply(
        new Indexed.ScatterAdd(index.rank() - 1, classes),
        Tensor.ones(dtype, index.shape()),
        index);
  }

  /** The order that sorts along a dimension; stable; NaN counts as largest. I32. */
  default Tensor argsort(int dim, boolean descending) {
    return Tensor.apply(new Search.ArgSort(tensor().shape().axis(dim), descending), tensor());
  }

  /** Sorted along a dimension, smallest first. */
  default Sorted sort(int dim) {
    return sort(dim, false);
  }

  /** Sorted along a dimension; stable; gradients return to where the values came from. */
  default Sorted sort(int dim, boolean descending) {
    Tensor order = argsort(dim, descending);
    return new Sorted(gather(dim, order), order);
  }

  /** The {@code k} largest along a dimension, largest first. */
  default Sorted topK(int k, int dim) {
    if (k < 0 || k > tensor().size(dim)) {
      throw new ShapeException("topK: " + k + " of dimension " + dim + " of " + tensor().shape());
    }
    Tensor order = argsort(dim, true).slice(dim, 0, k);
    return new Sorted(gather(dim, order), order);
  }

  /**
   * Values in order, and where they came from.
   *
   * @param values the values
   * @param indices their positions along the dimension, I32
   */
  record Sorted(Tensor values, Tensor indices) {}
}
