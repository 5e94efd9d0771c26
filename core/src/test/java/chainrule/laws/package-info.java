/**
 * Every operation against every law, the table's formulas against what they are documented as, and
 * proof that a broken operation is found.
 */
@NullMarked
package chainrule.laws;

import org.jspecify.annotations.NullMarked;
