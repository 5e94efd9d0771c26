package chainrule.tensor;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reverse sweep: from a result back to what it was made of, each node once, after all of its
 * consumers.
 */
public final class Sweep {
  private final Map<Node, Integer> place = new IdentityHashMap<>();
  private final List<Node> order = new ArrayList<>();

  private final long oldest;

  /**
   * A sweep towards nodes made no earlier than {@code oldest}. What was made before a target cannot
   * depend on it, so the sweep does not look there.
   */
  private Sweep(long oldest) {
    this.oldest = oldest;
  }

  /** A sweep's options. */
  private record Options(boolean createGraph, boolean stopAtTargets) {}

  /**
   * The gradient of {@code Σ seed·y} with respect to each target; null where y does not depend on
   * it.
   *
   * @param seed the gradient that arrives at y, of y's shape; null means 1, for a y of one element
   * @param targets tracked tensors: leaves, or tensors on the way
   * @param createGraph whether the gradients can be differentiated in turn
   * @throws GraphException if y is not tracked, or a rule loses the graph
   */
  public static List<@Nullable Tensor> gradients(
      Tensor y, @Nullable Tensor seed, List<? extends Tensor> targets, boolean createGraph) {
    return gradients(y, seed, targets, new Options(createGraph, false));
  }

  /**
   * As {@link #gradients}, but every target is taken as independent of the others: the sweep stops
   * there.
   */
  public static List<@Nullable Tensor> cut(
      Tensor y, Tensor seed, List<? extends Tensor> targets, boolean createGraph) {
    return gradients(y, seed, targets, new Options(createGraph, true));
  }

  /** The gradient of a fused operation's expression for every input wanted, which is tracked. */
  static @Nullable Tensor[] ofExpression(
      Fused op, Tensor g, Tensor[] in, boolean[] wanted, boolean createGraph) {
    @Nullable Tensor[] out = new @Nullable Tensor[in.length];
    List<Tensor> targets = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < in.length; i++) {
      Node node = in[i].node();
      // An input that stands twice gets the whole gradient where it stands first.
      if (wanted[i] && targets.stream().noneMatch(t -> t.node() == node)) {
        targets.add(in[i]);
        places.add(i);
      }
    }
    List<@Nullable Tensor> gradients = cut(op.expression(in), g, targets, createGraph);
    for (int i = 0; i < places.size(); i++) {
      out[places.get(i)] = gradients.get(i);
    }
    return out;
  }

  private static List<@Nullable Tensor> gradients(
      Tensor y, @Nullable Tensor seed, List<? extends Tensor> targets, Options options) {
    var wanted = new IdentityHashMap<Node, @Nullable Tensor>();
    for (Tensor t : targets) {
      Node node = t.node();
      if (node == null) {
        throw new GraphException(
            "cannot differentiate with respect to "
                + (t instanceof Parameter p
                    ? p.label() + ", which is frozen; unfreeze it with trainable(true)"
                    : "an untracked tensor of shape "
                        + t.shape()
                        + "; make it a leaf with requiresGrad()"));
      }
      wanted.put(node, null);
    }
    Node root = root(y);
    long oldest = wanted.keySet().stream().mapToLong(Node::id).min().orElse(0);
    Tensor g = seed(y, seed, options.createGraph());
    Tape.grad(
        options.createGraph(),
        () -> {
          new Sweep(oldest).run(root, g, wanted, options);
          return true;
        });
    var out = new ArrayList<@Nullable Tensor>();
    for (Tensor t : targets) {
      Node node = t.node();
      out.add(node == null ? null : wanted.get(node));
    }
    return out;
  }

  /** Adds the gradient of {@code Σ seed·y} to every leaf's {@link Parameter#grad}. */
  static void backward(Tensor y, @Nullable Tensor seed) {
    Node root = root(y);
    var sweep = new Sweep(0);
    sweep.sort(root);
    var leaves = new IdentityHashMap<Node, @Nullable Tensor>();
    for (Node node : sweep.order) {
      if (node.parameter().isPresent()) {
        leaves.put(node, null);
      }
    }
    Tensor g = seed(y, seed, false);
    Tape.noGrad(() -> sweep.run(root, g, leaves, new Options(false, false)));
    for (Node node : sweep.order) {
      Tensor gradient = leaves.get(node);
      if (gradient != null) {
        node.parameter().orElseThrow().accumulate(gradient);
      }
    }
  }

  private static Node root(Tensor y) {
    Node root = y.node();
    if (root == null) {
      throw new GraphException(
          "nothing to differentiate: this tensor of shape "
              + y.shape()
              + " does not depend on any"
              + " tensor with requiresGrad(), or was made inside noGrad or detached");
    }
    return root;
  }

  private static Tensor seed(Tensor y, @Nullable Tensor seed, boolean createGraph) {
    Tensor g = seed;
    if (g == null) {
      if (y.size() != 1) {
        throw new GraphException(
            "backward from a tensor of shape "
                + y.shape()
                + " needs a seed of that shape; or reduce"
                + " it to one number first, with sum() or mean()");
      }
      g = Tensor.ones(y.dtype(), y.shape());
    }
    if (!g.shape().equals(y.shape()) || g.dtype() != y.dtype()) {
      throw new ShapeException(
          "the seed is "
              + g.dtype()
              + " "
              + g.shape()
              + ", the result "
              + y.dtype()
              + " "
              + y.shape());
    }
    if (!createGraph) {
      return g.detach();
    }
    return g.node() == null ? g.requiresGrad() : g;
  }

  /** Operands before results, by depth first; not recursive, so that depth costs no stack. */
  private void sort(Node root) {
    var open = new ArrayList<Node>();
    var next = new ArrayList<int[]>();
    place.put(root, -1);
    open.add(root);
    next.add(new int[1]);
    while (!open.isEmpty()) {
      Node node = open.getLast();
      int[] cursor = next.getLast();
      List<@Nullable Node> inputs = node.inputs();
      if (cursor[0] < inputs.size()) {
        Node input = inputs.get(cursor[0]++);
        if (input != null && input.id() >= oldest && place.putIfAbsent(input, -1) == null) {
          open.add(input);
          next.add(new int[1]);
        }
      } else {
        place.put(node, order.size());
        order.add(node);
        open.removeLast();
        next.removeLast();
      }
    }
  }

  private void run(Node root, Tensor seed, Map<Node, @Nullable Tensor> wanted, Options options) {
    if (order.isEmpty()) {
      sort(root);
    }
    int n = order.size();
    boolean[] needed = needed(wanted, options);
    @Nullable Tensor[] arrived = new @Nullable Tensor[n];
    arrived[n - 1] = seed;
    OpListener listener = Tape.mode().listener();
    for (int i = n - 1; i >= 0; i--) {
      Tensor g = arrived[i];
      arrived[i] = null;
      if (g == null || !needed[i]) {
        continue;
      }
      Node node = order.get(i);
      if (wanted.containsKey(node)) {
        wanted.put(node, g);
        if (options.stopAtTargets()) {
          continue;
        }
      }
      if (node.op().isPresent()) {
        step(node, g, arrived, needed, options, listener);
      }
    }
  }

  private void step(
      Node node,
      Tensor g,
      @Nullable Tensor[] arrived,
      boolean[] needed,
      Options options,
      @Nullable OpListener listener) {
    List<@Nullable Node> inputs = node.inputs();
    boolean[] pass = new boolean[inputs.size()];
    boolean any = false;
    for (int k = 0; k < pass.length; k++) {
      Node input = inputs.get(k);
      pass[k] = input != null && leads(input, needed);
      any |= pass[k];
    }
    if (!any) {
      return;
    }
    @Nullable Tensor[] gradients = node.backward(g, pass);
    if (listener != null) {
      listener.backward(node, g, gradients);
    }
    for (int k = 0; k < pass.length; k++) {
      Node input = inputs.get(k);
      Tensor gradient = gradients[k];
      if (!pass[k] || input == null || gradient == null) {
        continue;
      }
      if (options.createGraph() && gradient.node() == null) {
        throw new GraphException(
            "the backward pass of "
                + node
                + " lost the graph: it is not written in tensor"
                + " operations on its arguments, so it has no second derivative");
      }
      Tensor fitted = fit(node, k, gradient);
      int at = at(input);
      Tensor before = arrived[at];
      arrived[at] = before == null ? fitted : before.add(fitted);
    }
  }

  private boolean leads(Node node, boolean[] needed) {
    int at = at(node);
    return at >= 0 && needed[at];
  }

  private int at(Node node) {
    Integer index = place.get(node);
    return index == null ? -1 : index;
  }

  /** Undoes broadcasting on the edge to input {@code k}. */
  private static Tensor fit(Node node, int k, Tensor gradient) {
    Shape target = node.inputShape(k);
    if (gradient.shape().equals(target)) {
      return gradient;
    }
    if (!gradient.shape().equals(Shape.broadcast(target, gradient.shape()))) {
      throw new ShapeException(
          "the backward pass of "
              + node
              + " gave input "
              + k
              + " a gradient of shape "
              + gradient.shape()
              + "; the input's shape is "
              + target);
    }
    return Tensor.apply(new LinearOp.SumTo(target), gradient);
  }

  /** Which nodes lead to a target. */
  private boolean[] needed(Map<Node, @Nullable Tensor> wanted, Options options) {
    boolean[] needed = new boolean[order.size()];
    for (int i = 0; i < needed.length; i++) {
      Node node = order.get(i);
      needed[i] = wanted.containsKey(node);
      if (needed[i] && options.stopAtTargets()) {
        continue;
      }
      for (Node input : node.inputs()) {
        needed[i] |= input != null && leads(input, needed);
      }
    }
    return needed;
  }

  /** The transpose of an operation's backward pass, applied to a change of its inputs. */
  static Tensor transpose(Op op, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    boolean[] wanted = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      wanted[i] = dx[i] != null;
    }
    boolean outer = Tape.recording();
    Parameter v = y.zerosLike().requiresGrad();
    Tensor total =
        Tape.grad(
            true,
            () -> {
              @Nullable Tensor[] gradients = op.backward(v, y, x, wanted);
              Tensor sum = null;
              for (int i = 0; i < x.length; i++) {
                Tensor gradient = gradients[i];
                Tensor d = dx[i];
                if (gradient != null && d != null) {
                  Tensor part = gradient.mul(d).sum();
                  sum = sum == null ? part : sum.add(part);
                }
              }
              return sum == null ? v.sum().mul(0) : sum;
            });
    Tensor result = gradients(total, null, List.of(v), outer).getFirst();
    return result == null ? y.zerosLike() : result;
  }
}
