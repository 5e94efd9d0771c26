/**
 * Optimizers, learning-rate schedules, gradient clipping and averages of weights.
 *
 * <p>An update is one function over {@link chainrule.math.Num}, given by an optimizer's options
 * ({@link chainrule.optim.UpdateRule}): from a parameter p, its gradient g and the optimizer's
 * state to the next p and the next state. The same function runs on tensors, on plain numbers and
 * in any other arithmetic that implements {@code Num}. An optimizer knows parameters and nothing of
 * layers; it owns the state, one set per parameter in the parameters' order, and gives it out as a
 * map of tensors from which a training resumes bit for bit.
 *
 * <p>Semantics and option names are PyTorch's. F32 state below {@link java.lang.Float#MIN_NORMAL}
 * in magnitude is stored as 0: subnormal numbers carry no information here and slow a step down.
 */
@NullMarked
package chainrule.optim;

import org.jspecify.annotations.NullMarked;
