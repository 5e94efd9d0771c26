package chainrule.special;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is refused, and the sentence that says so. */
class RefusalsTest {
  private static final Tensor MATRIX = Tensor.zeros(DType.F64, 2, 3);
  private static final Tensor INDEX = Tensor.of(new int[] {0, 1});

  private static void shape(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContaining(message);
  }

  private static void dtype(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(DTypeException.class).hasMessageContaining(message);
  }

  private static void index(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void itemWantsOneNumber() {
    shape(() -> MATRIX.item(), "item() wants a single number, this tensor is 2×3");
    shape(() -> MATRIX.get(1), "an index of 1 numbers into a tensor of shape 2×3");
    index(() -> MATRIX.get(2, 0), "2");
  }

  @Test
  void dataFillsItsShape() {
    shape(() -> Tensor.of(new double[5], 2, 3), "5 numbers do not fill the shape 2×3");
    shape(() -> Tensor.of(new double[][] {{1, 2}, {3}}), "row 1 has 1 numbers, row 0 has 2");
    shape(() -> Tensor.zeros(2, -1), "a dimension cannot be negative: 2×-1");
    shape(() -> Shape.of(1 << 20, 1 << 20), "more than 2³¹−9 elements: 1048576×1048576");
    shape(() -> MATRIX.size(2), "dimension 2 of a tensor with shape 2×3");
  }

  @Test
  void operandsBroadcastOrSaySo() {
    shape(
        () -> MATRIX.add(Tensor.zeros(DType.F64, 2)),
        "add: 2×3 and 2 do not broadcast: aligned from the right, sizes must be equal or 1");
    shape(() -> Tensor.where(MATRIX, MATRIX, Tensor.zeros(DType.F64, 4)), "where: 2×3 and 4");
  }

  @Test
  void matmulSaysWhatToTranspose() {
    Tensor x = Tensor.zeros(32, 784);
    shape(
        () -> x.matmul(Tensor.zeros(10, 784)),
        "matmul: (32×784) × (10×784): inner 784 ≠ 10; did you mean transposeB?");
    shape(
        () -> Tensor.zeros(784, 32).matmul(Tensor.zeros(784, 10)),
        "inner 32 ≠ 784; did you mean transposeA?");
    shape(
        () -> x.matmul(Tensor.zeros(784, 10), false, true),
        "inner 784 ≠ 10; did you mean no transposeB?");
    shape(() -> Tensor.scalar(1f).matmul(x), "both need at least two dimensions");
    shape(
        () -> Tensor.zeros(2, 3, 4).matmul(Tensor.zeros(3, 4, 5)),
        "matmul: (2×3×4) × (3×4×5): batches do not broadcast");
  }

  @Test
  void elementTypesDoNotMix() {
    Tensor f32 = Tensor.zeros(2, 3);
    dtype(() -> MATRIX.add(f32), "add: F64 and F32 do not mix; convert one with to(DType)");
    dtype(() -> MATRIX.add(INDEX.pick(0, 0)), "add: F64 and I32 do not mix");
    dtype(() -> INDEX.add(INDEX), "add: I32 tensors are indices; convert to F32 or F64");
    dtype(() -> INDEX.exp(), "exp: I32 tensors are indices");
    dtype(() -> MATRIX.matmul(f32, false, true), "F64 and F32 do not mix");
    dtype(() -> Tensor.where(INDEX, Tensor.zeros(2), Tensor.zeros(2)), "where: I32 and F32");
    dtype(() -> Tensor.cat(0, MATRIX, f32), "cat 0: F64 and F32 do not mix");
    dtype(() -> MATRIX.gather(0, MATRIX), "gather 0: indices must be I32, not F64");
    dtype(() -> INDEX.sum(), "sum: I32 tensors are indices");
    dtype(() -> INDEX.argmax(0), "argmax 0: I32 tensors are indices");
    dtype(() -> INDEX.requiresGrad(), "only F32 and F64 tensors have gradients, not I32");
    dtype(() -> MATRIX.toIntArray(), "toIntArray: this tensor is F64");
  }

  @Test
  void indicesStayInside() {
    Tensor bad = Tensor.of(new int[] {0, 3});
    index(
        () -> MATRIX.indexSelect(1, bad), "indexSelect 1: index 3 at position 1 is outside [0, 3)");
    index(() -> MATRIX.take(Tensor.of(new int[] {6})), "index 6 at position 0 is outside [0, 6)");
    index(() -> bad.oneHot(3), "index 3 at position 1 is outside [0, 3)");
    index(
        () -> MATRIX.crossEntropy(Tensor.of(new int[] {0, -1})),
        "index -1 at position 1 is outside [0, 3)");
    index(
        () ->
            MATRIX.scatterAdd(1, Tensor.of(new int[] {0, 9}, 2, 1), Tensor.zeros(DType.F64, 2, 1)),
        "index 9");
    shape(
        () -> MATRIX.scatterAdd(1, Tensor.of(new int[] {0}, 1, 1), Tensor.zeros(DType.F64, 1, 1)),
        "scatterAdd: a source of 1×1 for 2×3; they may differ only in dimension 1");
    shape(() -> MATRIX.gather(0, INDEX), "gather 0: an index of 2 for 2×3");
    shape(() -> MATRIX.indexSelect(0, INDEX.reshape(1, 2)), "the index must be a vector, not 1×2");
  }

  @Test
  void movementsFit() {
    shape(() -> MATRIX.reshape(4, 2), "reshape: 2×3 has 6 elements, 4×2 has 8");
    shape(() -> MATRIX.reshape(-1, -1), "reshape: only one size can be −1");
    shape(() -> MATRIX.reshape(-1, 4), "reshape: 2×3 does not divide into rows of 4 elements");
    shape(() -> MATRIX.permute(0, 0), "dimension 0 appears twice");
    shape(() -> MATRIX.permute(1), "2×3 has 2 dimensions");
    shape(() -> MATRIX.expand(4, 3), "expand: 2×3 does not broadcast to 4×3");
    shape(() -> MATRIX.slice(1, 2, 5), "slice: [2, 5) by 1 of dimension 1 of 2×3");
    shape(() -> MATRIX.slice(1, 0, 2, 0), "by 0 of dimension 1");
    shape(() -> MATRIX.pick(0, 2), "pick: index 2 of dimension 0 of 2×3");
    shape(() -> MATRIX.squeeze(0), "squeeze: dimension 0 of 2×3 is not of size 1");
    shape(() -> MATRIX.unsqueeze(4), "unsqueeze: position 4 in a tensor of shape 2×3");
    shape(() -> MATRIX.split(0, 0), "split: pieces of size 0");
    shape(() -> MATRIX.chunk(0, 0), "chunk: 0 pieces");
    shape(
        () -> MATRIX.pad(new int[] {1}, new int[] {1}, 0),
        "pad: 1 and 1 sizes for a tensor of 2×3");
    shape(
        () -> MATRIX.pad(new int[] {-1, 0}, new int[] {0, 0}, 0),
        "pad: negative sizes; use slice to cut");
    shape(() -> Tensor.of(1.0).tril(0), "a triangle of a tensor of shape 1");
    shape(() -> Tensor.cat(0), "cat: nothing to join");
    shape(
        () -> Tensor.cat(0, MATRIX, Tensor.zeros(DType.F64, 2, 4)), "cat: 2×3 and 2×4 may differ");
    shape(() -> MATRIX.topK(4, 1), "topK: 4 of dimension 1 of 2×3");
  }

  @Test
  void reductionsAndCompositesFit() {
    shape(() -> Tensor.zeros(DType.F64, 0).max(), "argmax 0: a tensor of shape 0 has no elements");
    shape(() -> MATRIX.mean(new int[] {0, -2}, false), "dimension 0 of 2×3 is to be reduced twice");
    shape(() -> MATRIX.sum(2), "dimension 2 of a tensor with shape 2×3");
    shape(
        () -> MATRIX.crossEntropy(Tensor.of(new int[3])), "crossEntropy: logits 2×3 with labels 3");
    shape(
        () -> MATRIX.layerNorm(Tensor.zeros(DType.F64, 2), null, 0),
        "layerNorm: 2×3 does not end in the weight's shape 2");
    shape(
        () -> MATRIX.layerNorm(Tensor.zeros(DType.F64, 3), Tensor.zeros(DType.F64, 1), 0),
        "layerNorm: a bias of 1 for a weight of 3");
    shape(
        () -> MATRIX.rmsNorm(Tensor.zeros(DType.F64, 1, 2, 3), 0),
        "rmsNorm: 2×3 does not end in the weight's shape 1×2×3");
    shape(
        () -> Tensor.of(1.0).channelMoments(),
        "channelMoments: 1 has no channels; they are dimension 1");
    shape(
        () -> MATRIX.batchNorm(Tensor.zeros(DType.F64, 2, 2), null, null, 0),
        "batchNorm: moments of 2×2 for 2×3 with 3 channels in dimension 1");
    shape(
        () -> MATRIX.batchNorm(Tensor.zeros(DType.F64, 2, 3), null, Tensor.zeros(DType.F64, 1), 0),
        "batchNorm: a weight or bias of 1 for 2×3 with 3 channels in dimension 1");
    dtype(
        () -> MATRIX.crossEntropy(Tensor.zeros(DType.F64, 2)),
        "crossEntropy: labels must be I32, not F64");
    Tensor two = Tensor.zeros(DType.F64, 2);
    shape(() -> MATRIX.batchNorm(two, two, null, null, 0), "batchNorm: 2×3 has no 2 channels");
    assertThatThrownBy(() -> MATRIX.norm(0, 1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("norm: p must be positive, not 0.0");
  }

  @Test
  void parametersKeepTheirShapeAndType() {
    Parameter w = MATRIX.requiresGrad("fc1.weight");
    shape(() -> w.set(Tensor.zeros(DType.F64, 3, 2)), "parameter fc1.weight is F64 2×3 and cannot");
    shape(() -> w.set(Tensor.zeros(2, 3)), "cannot become F32 2×3");
    shape(() -> w.grad(Tensor.zeros(DType.F64, 3)), "a gradient of F64 3 for parameter fc1.weight");
    shape(
        () -> MATRIX.requiresGrad().set(Tensor.zeros(DType.F64, 3, 2)),
        "a parameter of shape 2×3 is F64 2×3 and cannot become F64 3×2");
    shape(() -> w.backward(Tensor.zeros(DType.F64, 6)), "the seed is F64 6, the result F64 2×3");
    List<Tensor> none = List.of();
    shape(() -> Tensor.stack(0, none), "cat: nothing to join");
  }
}
