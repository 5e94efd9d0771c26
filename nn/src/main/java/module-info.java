/**
 * Layers, losses, optimizers, metrics, data, file formats and the training loop, on the public API
 * of {@code chainrule.core} alone.
 */
module chainrule.nn {
  requires transitive chainrule.core;
  requires de.siegmar.fastcsv;
  requires static transitive org.jspecify;
  requires tools.jackson.databind;

  exports chainrule.conformance;
  exports chainrule.data;
  exports chainrule.formats;
  exports chainrule.nn;
  exports chainrule.optim;
  exports chainrule.train;
}
