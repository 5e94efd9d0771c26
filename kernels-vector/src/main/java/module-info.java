/** The kernels of Chainrule on the Vector API; the only module that names it. */
module chainrule.kernels.vector {
  requires chainrule.core;
  requires jdk.incubator.vector;
  requires static org.jspecify;

  provides chainrule.internal.kernel.KernelProvider with
      chainrule.kernels.vector.VectorProvider;
}
