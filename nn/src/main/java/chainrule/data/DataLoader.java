package chainrule.data;

import chainrule.math.Philox;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/**
 * Cuts a data set into batches, in an order that the seed and the epoch alone decide.
 *
 * <p>Epoch k visits the rows in the order {@code new Philox(seed, "shuffle", k, 0).permutation(n)};
 * any epoch can be asked for at any time, so a training that was stopped resumes with the same
 * batches. The last batch is short when the batch size does not divide the number of rows.
 *
 * <pre>{@code
 * var loader = new DataLoader(train, 64, seed);
 * for (int epoch = 0; epoch < 10; epoch++) {
 *   for (Batch batch : loader) { … }   // each loop is the next epoch
 * }
 * }</pre>
 */
public final class DataLoader implements Iterable<Batch> {
  private final Dataset dataset;
  private final int batch;
  private final long seed;
  private final boolean shuffled;
  private int nextEpoch;

  /** Shuffled batches of the given number of rows. */
  public DataLoader(Dataset dataset, int batch, long seed) {
    this(dataset, batch, seed, true);
  }

  private DataLoader(Dataset dataset, int batch, long seed, boolean shuffled) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, not " + batch);
    }
    this.dataset = dataset;
    this.batch = batch;
    this.seed = seed;
    this.shuffled = shuffled;
  }

  /** Batches in the order of the rows, the same in every epoch. */
  public static DataLoader sequential(Dataset dataset, int batch) {
    return new DataLoader(dataset, batch, 0, false);
  }

  /** The number of batches in an epoch. */
  public int batches() {
    return Math.ceilDiv(dataset.size(), batch);
  }

  /** The batches of epoch k, from 0; asking twice gives the same batches. */
  public Iterable<Batch> epoch(int k) {
    return () -> new Batches(order(k));
  }

  /** The batches of the next epoch: the first call gives epoch 0, the second epoch 1. */
  @Override
  public Iterator<Batch> iterator() {
    return epoch(nextEpoch++).iterator();
  }

  private int[] order(int k) {
    int n = dataset.size();
    return shuffled
        ? new Philox(seed, "shuffle", k, 0).permutation(n)
        : IntStream.range(0, n).toArray();
  }

  private final class Batches implements Iterator<Batch> {
    private final int[] order;
    private int start;

    Batches(int[] order) {
      this.order = order;
    }

    @Override
    public boolean hasNext() {
      return start < order.length;
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the epoch has no further batch");
      }
      int end = Math.min(order.length, start + batch);
      Tensor rows = Tensor.of(Arrays.copyOfRange(order, start, end));
      start = end;
      return new Batch(dataset.x().indexSelect(0, rows), dataset.y().indexSelect(0, rows));
    }
  }
}
