/**
 * The scalar functions, their slopes, and {@link chainrule.math.Num}, the arithmetic both are
 * written in.
 *
 * <p>A function and its derivative stand side by side, once, in {@link chainrule.math.Unary} and
 * {@link chainrule.math.Binary}. Everything else in this package is an interpreter of those lines:
 * {@link chainrule.math.Real} evaluates them, {@link chainrule.math.Dual} differentiates them
 * forward, {@link chainrule.math.Formula} prints them, and {@link chainrule.math.Probe} finds out
 * what they read; {@link chainrule.math.Trace} records them as a {@link chainrule.math.Program}
 * that can be run, replayed and differentiated. Scalars, tensors and compiled code are further
 * interpreters, in other packages.
 *
 * <p>This package imports nothing of the project.
 */
@NullMarked
package chainrule.math;

import org.jspecify.annotations.NullMarked;
