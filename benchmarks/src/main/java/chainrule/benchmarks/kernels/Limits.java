package chainrule.benchmarks.kernels;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.DoubleStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The limits of the processor and its memory: loops that do nothing else, on as many threads at
 * once as the kernels have.
 *
 * <p>The rates of the threads are added. A sample takes some milliseconds, so that it can stand
 * directly beside what it is compared with.
 */
final class Limits {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final long WINDOW_NANOS = 5_000_000;

  /** 64 MiB in each of the two arrays of a copy: beyond the caches. */
  private static final int COPIED = 1 << 24;

  /** Elements copied by one call. */
  private static final int BLOCK = 1 << 18;

  private final Roof roof;
  private final int threads;
  private final float[] from;
  private final float[] to;

  /** Written, so that the compiler must compute it. */
  @SuppressWarnings("UnusedVariable")
  private volatile double sink;

  Limits(Roof roof, int threads) {
    this.roof = roof;
    this.threads = threads;
    this.from = new float[roof == Roof.COPY ? COPIED : 0];
    this.to = new float[from.length];
    Warmup.settle(this::loopOnce);
  }

  private void loopOnce() {
    switch (roof) {
      case FMA_F32 -> fmaFloats();
      case FMA_F64 -> fmaDoubles();
      case COPY -> copy(from, to, 0, BLOCK);
    }
  }

  /** Rates in work per nanosecond, by the loop that reached them. */
  Map<String, Double> sample() {
    Map<String, Double> rates = new TreeMap<>();
    switch (roof) {
      case FMA_F32 -> rates.put("fma", together(i -> this::fmaFloats));
      case FMA_F64 -> rates.put("fma", together(i -> this::fmaDoubles));
      case COPY -> {
        rates.put("arraycopy", together(i -> new Walk(i, false)));
        rates.put("loop", together(i -> new Walk(i, true)));
      }
    }
    return rates;
  }

  private double fmaFloats() {
    sink = FmaPeak.floats();
    return FmaPeak.floatOperations();
  }

  private double fmaDoubles() {
    sink = FmaPeak.doubles();
    return FmaPeak.doubleOperations();
  }

  /** One loop of one thread. */
  private interface Loop {
    /** Runs a short while, and returns the work done. */
    double run();
  }

  private interface Loops {
    Loop of(int thread);
  }

  /** The sum of the rates of all threads, running at the same time. */
  private double together(Loops loops) {
    double[] rates = new double[threads];
    CyclicBarrier start = new CyclicBarrier(threads);
    Thread[] others = new Thread[threads];
    for (int i = 1; i < threads; i++) {
      int index = i;
      others[i] = Thread.ofPlatform().start(() -> rates[index] = rate(loops.of(index), start));
    }
    rates[0] = rate(loops.of(0), start);
    try {
      for (int i = 1; i < threads; i++) {
        others[i].join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return DoubleStream.of(rates).sum();
  }

  private static double rate(Loop loop, CyclicBarrier start) {
    try {
      start.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (BrokenBarrierException e) {
      return 0;
    }
    long begin = System.nanoTime();
    double work = 0;
    long elapsed;
    do {
      work += loop.run();
      elapsed = System.nanoTime() - begin;
    } while (elapsed < WINDOW_NANOS);
    return work / elapsed;
  }

  /** Copies a thread's part of the arrays block by block, round and round. */
  private final class Walk implements Loop {
    private final boolean vectors;
    private final int first;
    private final int end;
    private int at;

    Walk(int thread, boolean vectors) {
      this.vectors = vectors;
      this.first = (int) ((long) thread * COPIED / threads);
      this.end = (int) ((thread + 1L) * COPIED / threads);
      this.at = first;
    }

    @Override
    public double run() {
      int n = Math.min(BLOCK, end - at);
      if (vectors) {
        copy(from, to, at, at + S.loopBound(n));
      } else {
        System.arraycopy(from, at, to, at, n);
      }
      at = at + n == end ? first : at + n;
      return 2.0 * Float.BYTES * n;
    }
  }

  private static void copy(float[] from, float[] to, int start, int end) {
    for (int i = start; i < end; i += S.length()) {
      FloatVector.fromArray(S, from, i).intoArray(to, i);
    }
  }
}
