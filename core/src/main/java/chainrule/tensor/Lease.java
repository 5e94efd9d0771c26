package chainrule.tensor;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether an array may be rewritten in place: only while nobody else holds it.
 *
 * <p>An array that was once lent out is never rewritten; its place is taken by a new one, which is
 * nobody's until it is lent in turn. The lock makes lending and rewriting exclude each other, so
 * that a snapshot taken by another thread is one as well.
 */
final class Lease {
  private final ReentrantLock lock = new ReentrantLock();
  private boolean lent;

  /** The array comes from outside, where others may hold it. */
  Lease() {
    this.lent = true;
  }

  /** Nothing is lent or rewritten by another thread until {@link #release}. */
  void hold() {
    lock.lock();
  }

  /** Ends what {@link #hold} began. */
  void release() {
    lock.unlock();
  }

  /** Somebody takes the array along; to be called while held. */
  void lend() {
    lent = true;
  }

  /** A new array has taken its place, which nobody else has seen; to be called while held. */
  void renew() {
    lent = false;
  }

  /** Whether somebody else may have the array. */
  boolean lent() {
    return lent;
  }
}
