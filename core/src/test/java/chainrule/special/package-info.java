/** Kinks, extreme values and refusals, as literals. */
@NullMarked
package chainrule.special;

import org.jspecify.annotations.NullMarked;
