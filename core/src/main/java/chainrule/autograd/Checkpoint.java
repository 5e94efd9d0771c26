package chainrule.autograd;

import chainrule.tensor.Capture;
import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.Op;
import chainrule.tensor.OpListener;
import chainrule.tensor.Shape;
import chainrule.tensor.Sweep;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of computation that is recorded as one operation and recomputed on the way back; made
 * by {@link Autograd#checkpoint}.
 */
public final class Checkpoint implements CustomOp {
  private final Supplier<Tensor> body;
  private final Tape.Draws draws;
  private final Shape shape;
  private final DType dtype;
  private @Nullable Tensor first;

  private Checkpoint(Supplier<Tensor> body, Tape.Draws draws, Tensor first) {
    this.body = body;
    this.draws = draws;
    this.shape = first.shape();
    this.dtype = first.dtype();
    this.first = first;
  }

  /** Everything tracked that a computation takes in from outside. */
  private static final class Outside implements OpListener {
    private final Set<Tensor> tracked = new LinkedHashSet<>(); // tensors compare by identity

    @Override
    public void forward(Op op, Tensor[] in, Tensor out) {
      for (Tensor x : in) {
        if (x.isTracked()) {
          tracked.add(x);
        }
      }
    }
  }

  static Tensor run(Supplier<Tensor> body) {
    var draws = new Tape.Draws();
    if (!Tape.recording() || Capture.running()) {
      return body.get(); // a compiled step plans its memory by itself
    }
    var outside = new Outside();
    Tensor y = Tape.noGrad(() -> Tape.listen(outside, () -> draws.record(body)));
    if (outside.tracked.isEmpty() || y.isTracked()) {
      return y; // a constant, or a tensor from outside, handed through
    }
    var op = new Checkpoint(body, draws, y);
    Tensor out = Tensor.apply(op, outside.tracked.toArray(Tensor[]::new));
    op.first = null;
    return out;
  }

  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  public Shape shape(Shape... in) {
    return shape;
  }

  @Override
  public DType dtype(DType... in) {
    return dtype;
  }

  @Override
  public Tensor forward(Tensor... x) {
    return first != null ? first : draws.replay(body);
  }

  @Override
  public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
    boolean createGraph = Tape.recording();
    Tensor again = Tape.grad(true, () -> draws.replay(body));
    if (!again.isTracked()) {
      return new @Nullable Tensor[x.length]; // floor, detach: no gradient passes
    }
    return Sweep.cut(again, g, List.of(x), createGraph).toArray(new @Nullable Tensor[0]);
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    return List.of();
  }
}
