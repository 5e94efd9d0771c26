/** The rules of the house, for this module. */
@NullMarked
package chainrule.house;

import org.jspecify.annotations.NullMarked;
