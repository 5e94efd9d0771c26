package chainrule.conformance;

import chainrule.nn.AdaptiveAvgPool2d;
import chainrule.nn.AvgPool1d;
import chainrule.nn.AvgPool2d;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.BatchNorm2d;
import chainrule.nn.BatchNormOptions;
import chainrule.nn.Bilinear;
import chainrule.nn.CELU;
import chainrule.nn.Concat;
import chainrule.nn.Conv1d;
import chainrule.nn.Conv2d;
import chainrule.nn.ConvTranspose2d;
import chainrule.nn.Dropout;
import chainrule.nn.ELU;
import chainrule.nn.Embedding;
import chainrule.nn.Flatten;
import chainrule.nn.FlattenConsecutive;
import chainrule.nn.GELU;
import chainrule.nn.GLU;
import chainrule.nn.GroupNorm;
import chainrule.nn.Hardshrink;
import chainrule.nn.Hardsigmoid;
import chainrule.nn.Hardswish;
import chainrule.nn.Hardtanh;
import chainrule.nn.Identity;
import chainrule.nn.InstanceNorm1d;
import chainrule.nn.InstanceNorm2d;
import chainrule.nn.InstanceNormOptions;
import chainrule.nn.Lambda;
import chainrule.nn.LayerNorm;
import chainrule.nn.LeakyReLU;
import chainrule.nn.Linear;
import chainrule.nn.LogSigmoid;
import chainrule.nn.LogSoftmax;
import chainrule.nn.MaxPool1d;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Mish;
import chainrule.nn.Module;
import chainrule.nn.PReLU;
import chainrule.nn.Parallel;
import chainrule.nn.RMSNorm;
import chainrule.nn.ReLU;
import chainrule.nn.ReLU6;
import chainrule.nn.Residual;
import chainrule.nn.SELU;
import chainrule.nn.Sequential;
import chainrule.nn.SiLU;
import chainrule.nn.Sigmoid;
import chainrule.nn.Softmax;
import chainrule.nn.Softmin;
import chainrule.nn.Softplus;
import chainrule.nn.Softshrink;
import chainrule.nn.Softsign;
import chainrule.nn.Tanh;
import chainrule.nn.Tanhshrink;
import chainrule.nn.Threshold;
import chainrule.nn.Unflatten;
import chainrule.nn.Unroll;
import chainrule.tensor.Conv1dOptions;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.ConvTranspose2dOptions;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import chainrule.tensor.Window1d;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Linear layers, convolutions, pools, normalisations, activations, containers. */
final class LayerCases {
  private final List<Case> cases = new ArrayList<>();

  private LayerCases() {}

  static List<Case> all() {
    var cases = new LayerCases();
    cases.linear();
    cases.sequences();
    cases.images();
    cases.normalisations();
    cases.containers();
    cases.activations();
    cases.dropout();
    return cases.cases;
  }

  /** A layer that maps x to y. */
  static FunctionCase layer(
      Class<? extends Module> type, String name, Supplier<? extends Module> build) {
    return layer(type, name, build, (m, in) -> List.of(m.forward(tensor(in, "x"))));
  }

  /** A layer that is applied in a way of its own. */
  static FunctionCase layer(
      Class<? extends Module> type,
      String name,
      Supplier<? extends Module> build,
      FunctionCase.Call call) {
    return new FunctionCase(type.getSimpleName(), name, build, call);
  }

  private void add(Class<? extends Module> type, String name, Supplier<? extends Module> build) {
    cases.add(layer(type, name, build));
  }

  private void linear() {
    add(Linear.class, "plain", () -> new Linear(4, 3));
    add(Linear.class, "no bias", () -> new Linear(4, 3, false));
    add(Linear.class, "batches", () -> new Linear(3, 2));
    add(Linear.class, "one row", () -> new Linear(3, 2));
    add(Embedding.class, "plain", () -> new Embedding(5, 3));
    cases.add(
        layer(Embedding.class, "padding", () -> new Embedding(4, 2, 1))
            .differencesAt(Map.of("x", Tensor.of(new int[] {0, 3, 3, 2}, 2, 2))));
    FunctionCase.Call both =
        (m, in) -> List.of(((Bilinear) m).forward(tensor(in, "a"), tensor(in, "b")));
    cases.add(layer(Bilinear.class, "plain", () -> new Bilinear(3, 4, 2), both));
    cases.add(layer(Bilinear.class, "no bias", () -> new Bilinear(2, 3, 4, false), both));
  }

  private void sequences() {
    var plain = Conv1dOptions.DEFAULT;
    add(Conv1d.class, "plain", () -> new Conv1d(2, 3, 3));
    add(Conv1d.class, "no bias", () -> new Conv1d(3, 2, 1, plain, false));
    add(
        Conv1d.class,
        "stride, padding, dilation",
        () -> new Conv1d(2, 2, 3, plain.stride(2).padding(2).dilation(2)));
    add(Conv1d.class, "groups", () -> new Conv1d(4, 6, 2, plain.groups(2).padding(1)));

    var two = Window1d.of(2).stride(2).ceilMode(true);
    var three = Window1d.of(3).stride(1).padding(1);
    add(MaxPool1d.class, "plain", () -> new MaxPool1d(2));
    add(MaxPool1d.class, "ceil", () -> new MaxPool1d(two));
    add(
        MaxPool1d.class,
        "negative numbers, padded",
        () -> new MaxPool1d(Window1d.of(2).stride(2).padding(1)));
    add(MaxPool1d.class, "stride, padding, dilation", () -> new MaxPool1d(three.dilation(2)));
    add(AvgPool1d.class, "plain", () -> new AvgPool1d(2));
    add(AvgPool1d.class, "ceil", () -> new AvgPool1d(two, true));
    add(AvgPool1d.class, "padding counts", () -> new AvgPool1d(three, true));
    add(AvgPool1d.class, "padding does not count", () -> new AvgPool1d(three.stride(2), false));
  }

  private void images() {
    var plain = Conv2dOptions.DEFAULT;
    var skewed = plain.stride(2, 1).padding(1, 2).dilation(1, 2);
    add(Conv2d.class, "plain", () -> new Conv2d(2, 3, 3));
    add(Conv2d.class, "no bias", () -> new Conv2d(2, 3, 1, 2, plain, false));
    add(Conv2d.class, "stride, padding, dilation", () -> new Conv2d(2, 2, 3, 2, skewed, true));
    add(Conv2d.class, "groups", () -> new Conv2d(4, 6, 2, plain.groups(2).padding(1)));
    add(Conv2d.class, "depthwise", () -> new Conv2d(3, 6, 3, plain.groups(3).stride(2).padding(1)));

    var transposed = ConvTranspose2dOptions.DEFAULT;
    add(ConvTranspose2d.class, "plain", () -> new ConvTranspose2d(2, 3, 3));
    add(ConvTranspose2d.class, "no bias", () -> new ConvTranspose2d(3, 2, 1, 2, transposed, false));
    add(
        ConvTranspose2d.class,
        "stride, padding, output padding, dilation",
        () ->
            new ConvTranspose2d(
                2,
                2,
                3,
                2,
                transposed.stride(2, 3).padding(1, 0).dilation(1, 2).outputPadding(1, 2),
                true));
    add(
        ConvTranspose2d.class,
        "groups",
        () -> new ConvTranspose2d(4, 6, 2, transposed.groups(2).stride(2)));

    var window = Window.of(3, 2).stride(2, 1).padding(1, 1);
    var ceil = Window.of(2, 3).stride(2, 3).padding(1, 1).ceilMode(true);
    add(MaxPool2d.class, "plain", () -> new MaxPool2d(2));
    add(MaxPool2d.class, "ceil", () -> new MaxPool2d(Window.of(2).stride(2).ceilMode(true)));
    add(MaxPool2d.class, "stride, padding, dilation", () -> new MaxPool2d(window.dilation(1, 2)));
    add(
        MaxPool2d.class,
        "negative numbers, padded",
        () -> new MaxPool2d(Window.of(2).stride(2).padding(1)));
    add(AvgPool2d.class, "plain", () -> new AvgPool2d(2));
    add(AvgPool2d.class, "padding counts", () -> new AvgPool2d(window, true));
    add(AvgPool2d.class, "padding does not count", () -> new AvgPool2d(window, false));
    add(AvgPool2d.class, "ceil", () -> new AvgPool2d(ceil, true));
    add(AvgPool2d.class, "ceil, padding does not count", () -> new AvgPool2d(ceil, false));
    add(AdaptiveAvgPool2d.class, "one", () -> new AdaptiveAvgPool2d(1));
    add(AdaptiveAvgPool2d.class, "uneven", () -> new AdaptiveAvgPool2d(2, 3));
    add(AdaptiveAvgPool2d.class, "more than there is", () -> new AdaptiveAvgPool2d(5, 2));
  }

  private void normalisations() {
    var batch = BatchNormOptions.DEFAULT;
    var bare = batch.affine(false).trackRunningStats(false);
    add(BatchNorm1d.class, "plain", () -> new BatchNorm1d(3));
    add(BatchNorm1d.class, "length", () -> new BatchNorm1d(2, 1e-3, 0.3));
    add(BatchNorm1d.class, "bare", () -> new BatchNorm1d(3, bare));
    add(BatchNorm2d.class, "plain", () -> new BatchNorm2d(3));
    add(BatchNorm2d.class, "options", () -> new BatchNorm2d(2, batch.eps(1e-2).momentum(0.5)));
    add(BatchNorm2d.class, "bare", () -> new BatchNorm2d(2, bare));
    var instance = InstanceNormOptions.DEFAULT;
    var affine = instance.eps(1e-2).affine(true);
    var tracked = instance.momentum(0.3).trackRunningStats(true);
    add(InstanceNorm1d.class, "plain", () -> new InstanceNorm1d(3));
    add(InstanceNorm1d.class, "affine", () -> new InstanceNorm1d(2, affine));
    add(InstanceNorm1d.class, "tracked", () -> new InstanceNorm1d(2, tracked.affine(true)));
    add(InstanceNorm2d.class, "plain", () -> new InstanceNorm2d(3));
    add(InstanceNorm2d.class, "affine", () -> new InstanceNorm2d(2, affine));
    add(InstanceNorm2d.class, "tracked", () -> new InstanceNorm2d(2, tracked));
    add(GroupNorm.class, "plain", () -> new GroupNorm(2, 4));
    add(GroupNorm.class, "images", () -> new GroupNorm(3, 6, 1e-2, true));
    add(GroupNorm.class, "bare", () -> new GroupNorm(2, 4, 1e-5, false));
    add(LayerNorm.class, "plain", () -> new LayerNorm(4));
    add(LayerNorm.class, "two dimensions", () -> new LayerNorm(new int[] {2, 3}, 1e-2));
    add(LayerNorm.class, "no bias", () -> new LayerNorm(new int[] {4}, 1e-5, true, false));
    add(LayerNorm.class, "bare", () -> new LayerNorm(new int[] {3}, 1e-5, false, false));
    add(RMSNorm.class, "plain", () -> new RMSNorm(4));
    add(RMSNorm.class, "two dimensions", () -> new RMSNorm(new int[] {2, 3}, 1e-2));
    add(RMSNorm.class, "bare", () -> new RMSNorm(new int[] {4}, 0x1p-52, false));
  }

  /** A function, which a file holds by its name. */
  private void lambda(String name, UnaryOperator<Tensor> f) {
    cases.add(layer(Lambda.class, name, () -> new Lambda(name, f)).functions(Map.of(name, f)));
  }

  private void containers() {
    add(Flatten.class, "plain", Flatten::new);
    add(Flatten.class, "from 2", () -> new Flatten(2));
    add(Unflatten.class, "plain", () -> new Unflatten(1, 2, 3));
    add(Unflatten.class, "last", () -> new Unflatten(-1, 2, 1, 2));
    add(FlattenConsecutive.class, "pairs", () -> new FlattenConsecutive(2));
    add(FlattenConsecutive.class, "all", () -> new FlattenConsecutive(3));
    add(Identity.class, "plain", Identity::new);
    lambda("plain", x -> x.transpose(1, 2).sin());
    lambda("squares", x -> x.square().sum(-1));
    var padded = Conv2dOptions.DEFAULT.padding(1);
    add(Residual.class, "linear", () -> new Residual(new Linear(3, 3)));
    add(
        Residual.class,
        "convolution",
        () -> new Residual(new Sequential(new Conv2d(2, 2, 3, padded), new SiLU())));
    add(
        Residual.class,
        "shortcut",
        () ->
            new Residual(
                new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2)), new Linear(3, 2)));
    add(Parallel.class, "two", () -> new Parallel(new Linear(3, 2), new Linear(3, 2, false)));
    add(Parallel.class, "one", () -> new Parallel(new Tanh()));
    add(Concat.class, "last", () -> new Concat(-1, new Linear(3, 2), new Identity()));
    add(
        Concat.class,
        "channels",
        () -> new Concat(1, new Conv2d(2, 3, 1), new Conv2d(2, 1, 3, padded)));
    add(Unroll.class, "three times", () -> new Unroll(new Linear(3, 3), 3));
    add(Unroll.class, "once", () -> new Unroll(new Sequential(new Linear(3, 2), new Tanh()), 1));
    add(Sequential.class, "empty", Sequential::new);
    add(
        Sequential.class,
        "nested",
        () ->
            new Sequential(
                new Linear(3, 4),
                new BatchNorm1d(4),
                new Sequential(new Tanh(), new Linear(4, 2))));
    add(
        Sequential.class,
        "tied weights",
        () -> {
          var table = new Embedding(4, 3);
          return new Sequential(table, new Tanh(), new Linear(table.weight(), false));
        });
  }

  private void activations() {
    List<Supplier<? extends Module>> plain =
        List.of(
            ReLU::new,
            ReLU6::new,
            Tanh::new,
            Sigmoid::new,
            LogSigmoid::new,
            SELU::new,
            SiLU::new,
            Mish::new,
            Softplus::new,
            Softsign::new,
            Hardtanh::new,
            Hardsigmoid::new,
            Hardswish::new,
            Tanhshrink::new,
            CELU::new,
            Hardshrink::new,
            Softshrink::new,
            GLU::new,
            PReLU::new,
            ELU::new,
            LeakyReLU::new);
    plain.forEach(build -> add(build.get().getClass(), "plain", build));
    add(ELU.class, "alpha", () -> new ELU(0.5));
    add(CELU.class, "alpha", () -> new CELU(0.5));
    add(LeakyReLU.class, "slope", () -> new LeakyReLU(0.25));
    add(Hardshrink.class, "lambda", () -> new Hardshrink(1.25));
    add(Softshrink.class, "lambda", () -> new Softshrink(1.25));
    add(Hardtanh.class, "limits", () -> new Hardtanh(-2.5, 0.5));
    add(Softplus.class, "beta", () -> new Softplus(2));
    add(Threshold.class, "plain", () -> new Threshold(0.5, -1));
    add(Threshold.class, "above", () -> new Threshold(-1.5, 2));
    add(PReLU.class, "channels", () -> new PReLU(3, 0.1));
    add(GLU.class, "first", () -> new GLU(0));
    add(GELU.class, "none", GELU::new);
    add(GELU.class, "tanh", () -> new GELU("tanh"));
    List<Supplier<? extends Module>> smooth =
        List.of(
            Sigmoid::new,
            LogSigmoid::new,
            Tanh::new,
            SiLU::new,
            Mish::new,
            Softplus::new,
            SELU::new,
            ELU::new,
            CELU::new,
            Softsign::new,
            GELU::new);
    smooth.forEach(build -> add(build.get().getClass(), "extremes", build));
    along("extremes", -1);
    along("last", -1);
    along("first", 0);
    along("middle", 1);
  }

  private void along(String name, int dim) {
    add(Softmax.class, name, () -> new Softmax(dim));
    add(LogSoftmax.class, name, () -> new LogSoftmax(dim));
    add(Softmin.class, name, () -> new Softmin(dim));
  }

  private void dropout() {
    add(Dropout.class, "nothing", () -> new Dropout(0));
    add(Dropout.class, "everything", () -> new Dropout(1));
    cases.add(layer(Dropout.class, "a half", () -> new Dropout(0.5)).random());
    cases.add(layer(Dropout.class, "a fifth", () -> new Dropout(0.2)).random());
  }

  private static Tensor tensor(Map<String, Tensor> in, String name) {
    return Objects.requireNonNull(in.get(name), name);
  }
}
