package chainrule.examples.reproduce;

/**
 * A published figure and what came out here.
 *
 * @param what what is measured
 * @param expected what was published, with the tolerance under which it counts as reproduced
 * @param got what was computed
 * @param difference how far that is from the published number, or from the bound
 * @param reproduced whether it is within the tolerance
 */
public record Figure(
    String what, String expected, double got, double difference, boolean reproduced) {}
