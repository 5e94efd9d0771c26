/** Numbered programs that teach the API, from one weight to a network that reads digits. */
module chainrule.examples {
  requires chainrule.core;
  requires chainrule.nn;
  requires static transitive org.jspecify;

  exports chainrule.examples;
  exports chainrule.examples.reproduce;
}
