/** The rules of the house as tests: the arrows between the packages of this module. */
@NullMarked
package chainrule.house;

import org.jspecify.annotations.NullMarked;
