package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The sizes of one attention and where its matrices lie: all that is decided by shape.
 *
 * <p>There is one head for every index of the batch. A head's queries are T×d, its keys S×d, its
 * values S×e, its result T×e, its mask T×S.
 */
public final class AttentionPlan {
  /** Rows of queries computed at once, at most: enough that products run at full speed. */
  private static final int ROWS = 96;

  /** As few rows as are worth computing at once. */
  private static final int LEAST_ROWS = 32;

  /** Scores held at once, at most, but for the least number of rows. */
  private static final int SCORES = 1 << 18;

  /** The same where all threads share a head. */
  private static final int SHARED_SCORES = 1 << 21;

  /** Multiply-adds that are worth waking a thread for. */
  private static final long TASK = 1 << 20;

  /** Columns in a task, where threads share a head. */
  static final int COLUMNS = 256;

  final int[] batch;
  final int heads;
  final int queries;
  final int keys;
  final int d;
  final int e;
  final boolean causal;
  final double scale;
  final Layout q;
  final Layout k;
  final Layout v;
  final @Nullable Layout mask;
  final Layout y;
  final Layout dq;
  final Layout dk;
  final Layout dv;

  /**
   * Where the matrices of one operand lie in its array.
   *
   * <p>With strides, queries, keys and values can be read where one product has put them side by
   * side, and broadcast operands stay as they are.
   */
  public static final class Layout {
    private final int start;
    private final int[] batch;
    final int row;
    final int column;

    /**
     * A layout.
     *
     * @param start where the first matrix begins
     * @param batch how far matrices are apart along each dimension of the batch
     * @param row how far a matrix's rows are apart
     * @param column how far the elements of a row are apart: 1, or 0 for a mask that repeats
     */
    public Layout(int start, int[] batch, int row, int column) {
      this.start = start;
      this.batch = batch.clone();
      this.row = row;
      this.column = column;
    }

    /** Matrices one after the other. */
    public static Layout dense(int[] batch, int rows, int columns) {
      int[] strides = new int[batch.length];
      int step = rows * columns;
      for (int i = batch.length - 1; i >= 0; i--) {
        strides[i] = step;
        step *= batch[i];
      }
      return new Layout(0, strides, columns, 1);
    }

    /** This layout, unless a matrix stands for several heads: then one for each, densely. */
    private Layout whole(int[] dims, int rows, int width) {
      for (int i = 0; i < dims.length; i++) {
        if (dims[i] > 1 && batch[i] == 0) {
          return dense(dims, rows, width);
        }
      }
      return this;
    }

    /** Where the matrix of a head begins. */
    int at(int head, int[] dims) {
      int at = start;
      int rest = head;
      for (int i = dims.length - 1; i >= 0; i--) {
        at += rest % dims[i] * batch[i];
        rest /= dims[i];
      }
      return at;
    }
  }

  /**
   * A plan.
   *
   * @param batch the sizes of the dimensions before the last two of the result
   * @param queries T
   * @param keys S
   * @param d the length of a query and of a key
   * @param e the length of a value
   * @param causal whether query i sees keys 0 … i only
   * @param scale what queries are multiplied with
   * @param mask what is added to the scores; null for nothing
   */
  public AttentionPlan(
      int[] batch,
      int queries,
      int keys,
      int d,
      int e,
      boolean causal,
      double scale,
      Layout q,
      Layout k,
      Layout v,
      @Nullable Layout mask,
      Layout y) {
    this.batch = batch.clone();
    int all = 1;
    for (int n : batch) {
      all *= n;
    }
    this.heads = all;
    this.queries = queries;
    this.keys = keys;
    this.d = d;
    this.e = e;
    this.causal = causal;
    this.scale = scale;
    this.q = q;
    this.k = k;
    this.v = v;
    this.mask = mask;
    this.y = y;
    this.dq = q.whole(batch, queries, d);
    this.dk = k.whole(batch, keys, d);
    this.dv = v.whole(batch, keys, e);
  }

  /** How many keys are seen by at least one of the queries before {@code to}. */
  int seen(int to) {
    return causal ? Math.min(keys, to) : keys;
  }

  /** How far apart the rows of {@code n} scores are held: whole vectors, whatever the processor. */
  static int pitch(int n) {
    return Math.addExact(n, 15) / 16 * 16;
  }

  /** Rows of queries computed at once; of a short causal head half, as there is less to see. */
  int rows() {
    int most = causal ? Math.clamp(queries / 2, LEAST_ROWS, ROWS) : ROWS;
    return Math.clamp(SCORES / Math.max(1, keys), LEAST_ROWS, most) / 4 * 4;
  }

  /** Rows of queries whose scores are held at once where threads share a head. */
  int sharedRows() {
    int blocks = SHARED_SCORES / Math.max(1, keys) / rows();
    return Math.max(1, blocks) * rows();
  }

  /** Whether heads are so few, and so long, that threads had better share each. */
  boolean shared() {
    return heads < 8 && (long) queries * keys >= 1 << 19;
  }

  /** How many blocks of queries make a task of the forward pass. */
  int blocksPerTask() {
    return perTask(rows());
  }

  /** How many heads make a task of the backward pass. */
  int headsPerTask() {
    return perTask(3L * queries);
  }

  private int perTask(long rows) {
    return (int) Math.clamp(TASK / Math.max(1, rows * keys * (d + e)), 1L, 1L << 16);
  }
}
