package chainrule.tensor;

import chainrule.math.Philox;
import chainrule.tensor.Capture.Counter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** One step of a captured function: it computes its results from its inputs, in their cells. */
public sealed interface Step permits Step.Plain, Fusion {
  /** What it reads. */
  List<Tensor> in();

  /** What it writes. */
  List<Tensor> out();

  /** Whether every element of what it writes is written, so that it needs no zeros there. */
  default boolean overwrites() {
    return true;
  }

  /** Whether it does more than write its results, so that it is needed though nobody reads them. */
  default boolean acts() {
    return false;
  }

  /** The parameter that it changes; null if it changes none. */
  default @Nullable Parameter changed() {
    return null;
  }

  /** A name, such as {@code matmul Bᵀ} or {@code softmax, backward}. */
  String name();

  /**
   * What computes it, again and again: everything that follows from shapes alone is found out here,
   * once.
   */
  Runnable prepared();

  /** A step as it was captured. */
  sealed interface Plain extends Step {}

  /** An operation applied. */
  record Applied(Op op, Tensor[] given, Tensor result) implements Plain {
    @Override
    public List<Tensor> in() {
      return List.of(given);
    }

    @Override
    public List<Tensor> out() {
      return List.of(result);
    }

    @Override
    public boolean overwrites() {
      return op.overwrites();
    }

    @Override
    public String name() {
      return op.name();
    }

    @Override
    public Runnable prepared() {
      return op.prepared(given, result);
    }
  }

  /** The gradient of a fused operation, by its kernel. */
  record Pulled(Fused op, Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) implements Plain {
    @Override
    public List<Tensor> in() {
      var in = new ArrayList<Tensor>(List.of(g, y));
      Collections.addAll(in, x);
      in.removeIf(Tensor::absent);
      return in;
    }

    @Override
    public List<Tensor> out() {
      var out = new ArrayList<Tensor>();
      for (Tensor t : dx) {
        if (t != null) {
          out.add(t);
        }
      }
      return out;
    }

    @Override
    public boolean overwrites() {
      return op.pullOverwrites();
    }

    @Override
    public String name() {
      return op.name() + ", backward";
    }

    @Override
    public Runnable prepared() {
      return op.preparedPull(g, y, x, dx);
    }
  }

  /** The update of a parameter and its state. */
  record Updated(
      Update rule, Parameter parameter, Tensor g, List<Buffer> state, Update.Numbers numbers)
      implements Plain {
    @Override
    public List<Tensor> in() {
      return List.of(parameter, g);
    }

    @Override
    public List<Tensor> out() {
      return List.of();
    }

    @Override
    public boolean acts() {
      return true;
    }

    @Override
    public Parameter changed() {
      return parameter;
    }

    @Override
    public String name() {
      return "update" + (parameter.name().isEmpty() ? "" : " of " + parameter.name());
    }

    @Override
    public Runnable prepared() {
      return rule.prepared(parameter, g, state, numbers);
    }
  }

  /** A parameter's value, copied to where a later update of the parameter does not reach it. */
  record Taken(Parameter parameter, Tensor result) implements Plain {
    @Override
    public List<Tensor> in() {
      return List.of(parameter);
    }

    @Override
    public List<Tensor> out() {
      return List.of(result);
    }

    @Override
    public String name() {
      return "value of " + parameter.label();
    }

    @Override
    public Runnable prepared() {
      return () -> parameter.copyTo(result);
    }
  }

  /** A parameter's next value, otherwise than by an update. */
  record Assigned(Parameter parameter, Tensor value) implements Plain {
    @Override
    public List<Tensor> in() {
      return List.of(value);
    }

    @Override
    public List<Tensor> out() {
      return List.of();
    }

    @Override
    public boolean acts() {
      return true;
    }

    @Override
    public Parameter changed() {
      return parameter;
    }

    @Override
    public String name() {
      return "set " + parameter.label();
    }

    @Override
    public Runnable prepared() {
      return () -> parameter.copyFrom(value);
    }
  }

  /** A buffer's value, copied to where a later update of the buffer does not reach it. */
  record Read(Buffer buffer, Tensor result) implements Plain {
    @Override
    public List<Tensor> in() {
      return List.of();
    }

    @Override
    public List<Tensor> out() {
      return List.of(result);
    }

    @Override
    public String name() {
      return "read " + buffer.name();
    }

    @Override
    public Runnable prepared() {
      return () -> buffer.copyTo(result);
    }
  }

  /** A buffer's next value. */
  record Written(Buffer buffer, Tensor value) implements Plain {
    @Override
    public List<Tensor> in() {
      return List.of(value);
    }

    @Override
    public List<Tensor> out() {
      return List.of();
    }

    @Override
    public boolean acts() {
      return true;
    }

    @Override
    public String name() {
      return "write " + buffer.name();
    }

    @Override
    public Runnable prepared() {
      return () -> buffer.copyFrom(value);
    }
  }

  /** Random numbers, from a stream and the present value of a counter. */
  record Drawn(RandomMask mask, Counter call, Tensor result) implements Plain {
    @Override
    public List<Tensor> in() {
      return List.of();
    }

    @Override
    public List<Tensor> out() {
      return List.of(result);
    }

    @Override
    public String name() {
      return "mask " + mask.stream();
    }

    @Override
    public Runnable prepared() {
      Philox random = mask.random();
      return () -> mask.fill(result.array(), result.size(), random, call.value());
    }
  }

  /** A number that is asked for at every run. */
  record Asked(DoubleSupplier source, Tensor result) implements Plain {
    @Override
    public List<Tensor> in() {
      return List.of();
    }

    @Override
    public List<Tensor> out() {
      return List.of(result);
    }

    @Override
    public String name() {
      return "a number";
    }

    @Override
    public Runnable prepared() {
      return () -> {
        switch (result.array()) {
          case float[] a -> a[0] = (float) source.getAsDouble();
          case double[] a -> a[0] = source.getAsDouble();
          default -> throw new AssertionError(result.dtype());
        }
      };
    }
  }

  /** Somebody looks at tensors. */
  record Observed(List<Tensor> in, Consumer<List<Tensor>> observer) implements Plain {
    @Override
    public List<Tensor> out() {
      return List.of();
    }

    @Override
    public boolean acts() {
      return true;
    }

    @Override
    public String name() {
      return "look at " + in.size() + (in.size() == 1 ? " tensor" : " tensors");
    }

    @Override
    public Runnable prepared() {
      return () -> observer.accept(in.stream().map(Step::copied).toList());
    }
  }

  private static Tensor copied(Tensor x) {
    Capture.Cell cell = x.cell();
    return cell == null ? x.detach() : cell.copy(x.shape());
  }
}
