/**
 * Every layer, loss, optimizer and schedule held to PyTorch's numbers, and to what else must hold
 * for each.
 *
 * <p>The numbers are fixtures: small files that a program beside the sources writes with PyTorch,
 * in F64, and that are part of this module. {@link chainrule.conformance.Conformance} is the table;
 * tests and {@code chainrule conformance} walk its rows.
 */
@NullMarked
package chainrule.conformance;

import org.jspecify.annotations.NullMarked;
