package chainrule.internal.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few objects that kernels use again and again: scratch arrays, tasks to run.
 *
 * <p>Unlike a thread-local it does not grow with the number of (virtual) threads that compute. In
 * steady state nothing is allocated.
 *
 * @param <T> what is kept
 */
public final class Pool<T> {
  private static final int KEPT = 64;

  private final AtomicReferenceArray<@Nullable T> kept = new AtomicReferenceArray<>(KEPT);
  private final Supplier<T> maker;

  /** An empty pool; {@code maker} makes an object when none is free. */
  public Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** A free object, for the caller alone until it is given back. */
  public T borrow() {
    for (int i = 0; i < KEPT; i++) {
      T object = kept.getPlain(i) == null ? null : kept.getAndSet(i, null);
      if (object != null) {
        return object;
      }
    }
    return maker.get();
  }

  /** Takes an object back; it must not be used afterwards. */
  public void giveBack(T object) {
    for (int i = 0; i < KEPT; i++) {
      if (kept.getPlain(i) == null && kept.compareAndSet(i, null, object)) {
        return;
      }
    }
  }
}
