/**
 * The random generators of other systems, number for number, so that published runs can be repeated
 * from their seeds. The library itself draws from {@link chainrule.math.Philox}.
 */
@NullMarked
package chainrule.examples.random;

import org.jspecify.annotations.NullMarked;
