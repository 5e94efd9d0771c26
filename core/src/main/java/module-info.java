/**
 * Numbers and tensors that know their derivatives: one table of functions and slopes, read by a
 * scalar engine, a tensor engine, forward mode and a printer of formulas.
 */
@SuppressWarnings("module") // the module of the vector kernels is not on the path yet
module chainrule.core {
  requires static transitive org.jspecify;

  exports chainrule.autograd;
  exports chainrule.compile;
  exports chainrule.graph;
  exports chainrule.math;
  exports chainrule.scalar;
  exports chainrule.tensor;
  exports chainrule.internal.kernel to
      chainrule.kernels.vector;

  uses chainrule.internal.kernel.KernelProvider;
}
