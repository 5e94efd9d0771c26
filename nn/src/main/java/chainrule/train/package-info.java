/**
 * The training loop: batches in, a trained model and its history out.
 *
 * <p>{@link chainrule.train.Trainer#fit Trainer.fit} does what a reader of PyTorch would write by
 * hand: for every epoch and every step it zeroes the gradients, computes the loss of a batch, or of
 * several whose gradients add up, goes backward, clips, steps the optimizer and moves the
 * schedules. Around that loop it keeps a {@link chainrule.train.History}, measures the gradients of
 * every layer, averages weights, stops early, remembers the best weights, and refuses to go on when
 * the loss is no longer a number. A {@link chainrule.train.TrainListener} watches, and may change
 * the learning rate.
 *
 * <p>A fit is decided by the model's weights, the data, the options and their seed alone: the same
 * four give the same bits on any number of threads. The package prints nothing and keeps no static
 * state, so any number of fits run side by side.
 */
@NullMarked
package chainrule.train;

import org.jspecify.annotations.NullMarked;
