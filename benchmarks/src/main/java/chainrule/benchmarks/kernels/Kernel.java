package chainrule.benchmarks.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * A kernel and the shapes that it is timed on.
 *
 * {@snippet :
 * Kernel.bytes("map", "exp", d -> 8.0 * d[0], d -> map(Unary.EXP, d[0])).quick(1 << 24);
 * }
 *
 * @param family the family of kernels
 * @param name the kernel
 * @param roof what limits it
 * @param work what one call does on the given shape, in the roof's unit
 * @param setup makes the operands for a shape, and the call
 * @param cases the shapes
 */
public record Kernel(
    String family, String name, Roof roof, Work work, Setup setup, List<Case> cases) {

  /** Operations or bytes of one call, by its shape. */
  @FunctionalInterface
  public interface Work {
    /** The work on a shape. */
    double on(int[] dims);
  }

  /** Makes the operands of a call, which do not change from call to call. */
  @FunctionalInterface
  public interface Setup {
    /** The call on a shape. */
    Body on(int[] dims);
  }

  /** One call. */
  @FunctionalInterface
  public interface Body {
    /** Computes, and returns the result: an array, a number or a tensor. */
    Object run();
  }

  /** A kernel bound by arithmetic in F32. */
  static Kernel flops(String family, String name, Work work, Setup setup) {
    return new Kernel(family, name, Roof.FMA_F32, work, setup, List.of());
  }

  /** A kernel bound by arithmetic in F64. */
  static Kernel flopsF64(String family, String name, Work work, Setup setup) {
    return new Kernel(family, name, Roof.FMA_F64, work, setup, List.of());
  }

  /** A kernel bound by memory: it reads its operands once and writes its result once. */
  static Kernel bytes(String family, String name, Work work, Setup setup) {
    return new Kernel(family, name, Roof.COPY, work, setup, List.of());
  }

  /** The same kernel, timed on one more shape. */
  Kernel at(int... dims) {
    return with(dims, Case.Run.USUAL);
  }

  /** The same kernel, timed on one more shape that a quick run has as well. */
  Kernel quick(int... dims) {
    return with(dims, Case.Run.QUICK);
  }

  /** The same kernel, timed on one more shape if it is named, or if all are wanted. */
  Kernel also(int... dims) {
    return with(dims, Case.Run.ALL);
  }

  private Kernel with(int[] dims, Case.Run run) {
    List<Case> more = new ArrayList<>(cases);
    Kernel bare = new Kernel(family, name, roof, work, setup, List.of());
    more.add(new Case(bare, dims, run));
    return new Kernel(family, name, roof, work, setup, List.copyOf(more));
  }
}
