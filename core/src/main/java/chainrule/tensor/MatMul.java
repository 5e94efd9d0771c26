package chainrule.tensor;

import chainrule.internal.kernel.Products;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The matrix product {@code op(A)·op(B)} over the last two dimensions, batched and broadcast over
 * the others; {@code op} transposes where told.
 *
 * <p>The four transposed forms are closed under differentiation, so no transpose is materialised:
 * with {@code C = A·B} and an incoming {@code G}, {@code ∂A = G·Bᵀ} and {@code ∂B = Aᵀ·G}.
 */
public record MatMul(boolean transposeA, boolean transposeB) implements Op {
  @Override
  public String name() {
    return "matmul" + (transposeA ? " Aᵀ" : "") + (transposeB ? " Bᵀ" : "");
  }

  @Override
  public DType dtype(DType... in) {
    return DType.common(this, in);
  }

  @Override
  public Shape shape(Shape... in) {
    Shape a = in[0];
    Shape b = in[1];
    if (a.rank() < 2 || b.rank() < 2) {
      throw new ShapeException(
          "matmul: ("
              + a
              + ") × ("
              + b
              + "): both need at least two dimensions; reshape or unsqueeze");
    }
    int inner = a.dim(transposeA ? -2 : -1);
    int innerB = b.dim(transposeB ? -1 : -2);
    if (inner != innerB) {
      String hint = "";
      if (inner == b.dim(transposeB ? -2 : -1)) {
        hint = transposeB ? "; did you mean no transposeB?" : "; did you mean transposeB?";
      } else if (innerB == a.dim(transposeA ? -1 : -2)) {
        hint = transposeA ? "; did you mean no transposeA?" : "; did you mean transposeA?";
      }
      throw new ShapeException(
          "matmul: ("
              + a
              + ")"
              + (transposeA ? "ᵀ" : "")
              + " × ("
              + b
              + ")"
              + (transposeB ? "ᵀ" : "")
              + ": inner "
              + inner
              + " ≠ "
              + innerB
              + hint);
    }
    Shape batch = Shape.broadcast(batch(a), batch(b));
    if (batch == null) {
      throw new ShapeException("matmul: (" + a + ") × (" + b + "): batches do not broadcast");
    }
    int rank = batch.rank();
    return batch
        .insert(rank, a.dim(transposeA ? -1 : -2))
        .insert(rank + 1, b.dim(transposeB ? -2 : -1));
  }

  private static Shape batch(Shape s) {
    return s.without(-1).without(-1);
  }

  @Override
  public void forward(Tensor[] in, Tensor out) {
    prepared(in, out).run();
  }

  @Override
  public Runnable prepared(Tensor[] in, Tensor out) {
    Shape a = in[0].shape();
    Shape b = in[1].shape();
    int k = a.dim(transposeA ? -2 : -1);
    int n = b.dim(transposeB ? -2 : -1);
    Shape batch = batch(out.shape());
    int[] as = batch(a).stridesIn(batch);
    int[] bs = batch(b).stridesIn(batch);
    // One right-hand side for all: the batch is nothing but more rows.
    boolean rows = batch.size() > 1 && batch(b).size() == 1 && !transposeA;
    int m = a.dim(transposeA ? -1 : -2) * (rows ? batch.size() : 1);
    int[] dims = rows ? new int[0] : batch.toArray();
    return () ->
        Products.run(
            out.kernels(),
            dims,
            in[0].array(),
            as,
            transposeA,
            in[1].array(),
            bs,
            transposeB,
            out.array(),
            m,
            k,
            n);
  }

  @Override
  public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    Tensor a = x[0];
    Tensor b = x[1];
    Tensor da = null;
    Tensor db = null;
    if (wanted[0]) {
      da = transposeA ? b.matmul(g, transposeB, true) : g.matmul(b, false, !transposeB);
    }
    if (wanted[1]) {
      db = transposeB ? g.matmul(a, true, transposeA) : a.matmul(g, !transposeA, false);
    }
    return new @Nullable Tensor[] {da, db};
  }

  @Override
  public Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    Tensor fromA = dx[0] == null ? null : Tensor.apply(this, dx[0], x[1]);
    Tensor fromB = dx[1] == null ? null : Tensor.apply(this, x[0], dx[1]);
    if (fromA == null || fromB == null) {
      return fromA != null ? fromA : fromB != null ? fromB : y.zerosLike();
    }
    return fromA.add(fromB);
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    Tensor a = transposeA ? Examples.normal(random, 2, 3, 4) : Examples.normal(random, 2, 4, 3);
    Tensor b = transposeB ? Examples.normal(random, 5, 3) : Examples.normal(random, 3, 5);
    return List.of(a, b);
  }
}
