/**
 * A complete reverse-mode engine for single numbers: the first thing to read.
 *
 * <p>{@link chainrule.scalar.Value} is a number that remembers how it was made. It reads the same
 * table of derivatives as the tensors do, and the tests use it as their oracle.
 */
@NullMarked
package chainrule.scalar;

import org.jspecify.annotations.NullMarked;
