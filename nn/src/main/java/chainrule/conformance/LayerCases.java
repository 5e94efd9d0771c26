package chainrule.conformance;

import chainrule.nn.AvgPool2d;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Conv2d;
import chainrule.nn.Dropout;
import chainrule.nn.ELU;
import chainrule.nn.Flatten;
import chainrule.nn.GELU;
import chainrule.nn.Hardsigmoid;
import chainrule.nn.Hardswish;
import chainrule.nn.Hardtanh;
import chainrule.nn.Identity;
import chainrule.nn.LayerNorm;
import chainrule.nn.LeakyReLU;
import chainrule.nn.Linear;
import chainrule.nn.LogSigmoid;
import chainrule.nn.LogSoftmax;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Mish;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.ReLU6;
import chainrule.nn.Residual;
import chainrule.nn.SELU;
import chainrule.nn.Sequential;
import chainrule.nn.SiLU;
import chainrule.nn.Sigmoid;
import chainrule.nn.Softmax;
import chainrule.nn.Softplus;
import chainrule.nn.Softsign;
import chainrule.nn.Tanh;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Linear layers, convolutions, pools, normalisations, activations, containers. */
final class LayerCases {
  private final List<Case> cases = new ArrayList<>();

  private LayerCases() {}

  static List<Case> all() {
    var cases = new LayerCases();
    cases.linear();
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
    return layer(
        type, name, build, (m, in) -> List.of(m.forward(Objects.requireNonNull(in.get("x")))));
  }

  /** A layer that is applied in a way of its own. */
  static FunctionCase layer(
      Class<? extends Module> type,
      String name,
      Supplier<? extends Module> build,
      FunctionCase.Call call) {
    return new FunctionCase(Kind.LAYER, type.getSimpleName(), name, build, call);
  }

  private void add(Class<? extends Module> type, String name, Supplier<? extends Module> build) {
    cases.add(layer(type, name, build));
  }

  private void linear() {
    add(Linear.class, "plain", () -> new Linear(4, 3));
    add(Linear.class, "no bias", () -> new Linear(4, 3, false));
    add(Linear.class, "batches", () -> new Linear(3, 2));
    add(Linear.class, "one row", () -> new Linear(3, 2));
  }

  private void images() {
    var skewed = Conv2dOptions.DEFAULT.stride(2, 1).padding(1, 2).dilation(1, 2);
    add(Conv2d.class, "plain", () -> new Conv2d(2, 3, 3));
    add(Conv2d.class, "no bias", () -> new Conv2d(2, 3, 1, 2, Conv2dOptions.DEFAULT, false));
    add(Conv2d.class, "stride, padding, dilation", () -> new Conv2d(2, 2, 3, 2, skewed, true));
    add(
        Conv2d.class,
        "groups",
        () -> new Conv2d(4, 6, 2, Conv2dOptions.DEFAULT.groups(2).padding(1)));
    add(
        Conv2d.class,
        "depthwise",
        () -> new Conv2d(3, 6, 3, Conv2dOptions.DEFAULT.groups(3).stride(2).padding(1)));

    var window = Window.of(3, 2).stride(2, 1).padding(1, 1);
    add(MaxPool2d.class, "plain", () -> new MaxPool2d(2));
    add(MaxPool2d.class, "stride, padding, dilation", () -> new MaxPool2d(window.dilation(1, 2)));
    add(AvgPool2d.class, "plain", () -> new AvgPool2d(2));
    add(AvgPool2d.class, "padding counts", () -> new AvgPool2d(window, true));
    add(AvgPool2d.class, "padding does not count", () -> new AvgPool2d(window, false));
  }

  private void normalisations() {
    add(BatchNorm1d.class, "plain", () -> new BatchNorm1d(3));
    add(BatchNorm1d.class, "length", () -> new BatchNorm1d(2, 1e-3, 0.3));
    add(LayerNorm.class, "plain", () -> new LayerNorm(4));
    add(LayerNorm.class, "two dimensions", () -> new LayerNorm(new int[] {2, 3}, 1e-2));
  }

  private void containers() {
    add(Flatten.class, "plain", Flatten::new);
    add(Flatten.class, "from 2", () -> new Flatten(2));
    add(Identity.class, "plain", Identity::new);
    add(Residual.class, "linear", () -> new Residual(new Linear(3, 3)));
    add(
        Residual.class,
        "convolution",
        () ->
            new Residual(
                new Sequential(new Conv2d(2, 2, 3, Conv2dOptions.DEFAULT.padding(1)), new SiLU())));
    add(Sequential.class, "empty", Sequential::new);
    add(
        Sequential.class,
        "nested",
        () ->
            new Sequential(
                new Linear(3, 4),
                new BatchNorm1d(4),
                new Sequential(new Tanh(), new Linear(4, 2))));
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
            ELU::new,
            LeakyReLU::new);
    plain.forEach(build -> add(build.get().getClass(), "plain", build));
    add(ELU.class, "alpha", () -> new ELU(0.5));
    add(LeakyReLU.class, "slope", () -> new LeakyReLU(0.25));
    add(GELU.class, "none", GELU::new);
    add(GELU.class, "tanh", () -> new GELU("tanh"));
    along("last", -1);
    along("first", 0);
    along("middle", 1);
  }

  private void along(String name, int dim) {
    add(Softmax.class, name, () -> new Softmax(dim));
    add(LogSoftmax.class, name, () -> new LogSoftmax(dim));
  }

  private void dropout() {
    add(Dropout.class, "nothing", () -> new Dropout(0));
    add(Dropout.class, "everything", () -> new Dropout(1));
    cases.add(layer(Dropout.class, "a half", () -> new Dropout(0.5)).random());
    cases.add(layer(Dropout.class, "a fifth", () -> new Dropout(0.2)).random());
  }
}
