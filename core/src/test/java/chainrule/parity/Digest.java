package chainrule.parity;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.internal.kernel.Threads;
import chainrule.math.Binary;
import chainrule.math.Philox;
import chainrule.math.Unary;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Recurrence;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Prints one hash of many results, all large enough to be split; {@link ThreadsTest} compares it.
 */
final class Digest {
  private final MessageDigest hash;

  private Digest() throws NoSuchAlgorithmException {
    hash = MessageDigest.getInstance("SHA-256");
  }

  private void add(Tensor x) {
    double[] data = x.toDoubleArray();
    ByteBuffer bytes = ByteBuffer.allocate(8 * data.length);
    for (double v : data) {
      bytes.putLong(Double.doubleToLongBits(v));
    }
    hash.update(bytes.array());
  }

  private void run(DType dtype) {
    var random = new Philox(12, dtype.name());
    Tensor x = Tensor.randn(dtype, random, 401, 357);
    Tensor row = Tensor.randn(dtype, random, 357);
    Tensor column = Tensor.randn(dtype, random, 401, 1);
    for (Unary f : List.of(Unary.EXP, Unary.TANH, Unary.ERF, Unary.RELU, Unary.SIN)) {
      add(x.map(f));
    }
    for (Binary f : List.of(Binary.ADD, Binary.DIV, Binary.MAX, Binary.ATAN2)) {
      add(x.zip(f, row));
      add(x.zip(f, column));
      add(row.zip(f, column));
    }
    add(Tensor.where(x.gt(0), row, column));
    add(x.gelu());
    Parameter wide = x.requiresGrad();
    add(Autograd.grad(wide.silu().mul(x).div(wide).sum(), wide));
    add(x.sum());
    add(x.sum(0));
    add(x.sum(1));
    add(x.reshape(7, -1, 3).sum(1));
    add(x.softmax(1));
    add(x.logSoftmax(0));
    add(x.logSumExp(0));
    add(x.cumsum(0));
    add(x.var(0));
    add(x.argsort(1, false).to(dtype));
    add(x.argmax(0).to(dtype));
    add(x.argmin(1).to(dtype));
    add(x.reshape(-1, 7).sum(0));
    add(x.reshape(-1, 7).mul(x.reshape(-1, 7).sum(1, true)));
    add(x.t());
    add(x.reshape(401, 51, 7).permute(2, 0, 1));
    add(Tensor.cat(1, x, x));
    var places = new int[2000];
    Arrays.setAll(places, _ -> random.nextInt(401));
    Tensor index = Tensor.of(places);
    var table = x.requiresGrad();
    Tensor picked = table.indexSelect(0, index);
    add(picked);
    add(Autograd.grad(picked.square().sum(), table));
    Tensor order = x.argsort(0, true);
    add(x.gather(0, order));
    add(Autograd.grad(table.gather(0, order).square().sum(), table));
    Tensor w = Tensor.randn(dtype, random, 150, 357);
    add(x.matmul(w, false, true));
    add(x.matmul(x, true, false));
    add(x.reshape(401, 51, 7).matmul(Tensor.randn(dtype, random, 7, 9)));
    Tensor many = Tensor.randn(dtype, random, 6, 1, 31, 40);
    add(many.matmul(Tensor.randn(dtype, random, 5, 40, 33)));
    add(many.matmul(Tensor.randn(dtype, random, 5, 31, 33), true, false));
    Tensor few = Tensor.randn(dtype, random, 3, 101, 120);
    add(few.matmul(few, false, true));
    var leaf = w.requiresGrad();
    Tensor loss = x.matmul(leaf, false, true).tanh().square().mean();
    add(loss);
    Tensor g = Autograd.grad(loss, leaf, Autograd.createGraph());
    add(g);
    add(Autograd.grad(g.square().sum(), leaf));
    fused(dtype, random);
    images(dtype, random);
    attention(Tensor.randn(dtype, random, 12, 70, 9));
    attention(Tensor.randn(dtype, random, 1, 741, 3));
    for (Recurrence.Cell cell : Recurrence.Cell.values()) {
      recurrence(dtype, random, cell);
    }
  }

  private void recurrence(DType dtype, Philox random, Recurrence.Cell cell) {
    int units = 35;
    List<Parameter> in = new ArrayList<>();
    in.add(Tensor.randn(dtype, random, 11, 40, cell.gates() * units).requiresGrad());
    in.add(Tensor.randn(dtype, random, cell.gates() * units, units).mul(0.1).requiresGrad());
    if (cell == Recurrence.Cell.GRU) {
      in.add(Tensor.randn(dtype, random, units).requiresGrad());
    }
    for (int k = 0; k < cell.states(); k++) {
      in.add(Tensor.randn(dtype, random, 40, units).requiresGrad());
    }
    List<Tensor> all = new ArrayList<>(in);
    all.add(Tensor.rand(dtype, random, 11, 40).gt(0.2));
    Tensor y = Tensor.apply(new Recurrence(cell, true, true), all.toArray(Tensor[]::new));
    sweep(y, y.detach(), in.toArray(Parameter[]::new));
  }

  private void attention(Tensor x) {
    var leaf = x.requiresGrad();
    Tensor y = leaf.scaledDotProductAttention(x, leaf, true);
    sweep(y, y.detach(), leaf);
  }

  /** Rows of many chunks and tasks, and their gradients. */
  private void fused(DType dtype, Philox random) {
    var x = Tensor.randn(dtype, random, 1300, 257).requiresGrad();
    var w = Tensor.randn(dtype, random, 257).requiresGrad();
    var b = Tensor.randn(dtype, random, 257).requiresGrad();
    Tensor g = Tensor.randn(dtype, random, 1300, 257);
    Tensor labels = x.detach().argmax(1);
    sweep(x.crossEntropy(labels), Tensor.ones(dtype), x);
    sweep(x.softmax(1), g, x);
    sweep(x.logSoftmax(1), g, x);
    sweep(x.layerNorm(w, b, 1e-5), g, x, w, b);
    sweep(x.rmsNorm(w, 1e-5), g, x, w);
    sweep(x.batchNorm(x.channelMoments(), w, b, 1e-5), g, x, w, b);
    Tensor sequences = x.reshape(4, 257, -1);
    sweep(
        sequences.batchNorm(sequences.channelMoments(), w, b, 1e-5).reshape(1300, 257), g, x, w, b);
  }

  private void sweep(Tensor y, Tensor seed, Parameter... leaves) {
    add(y);
    var options = GradOptions.DEFAULT.seed(seed);
    Autograd.grad(y, List.of(leaves), options).forEach(this::add);
  }

  private void images(DType dtype, Philox random) {
    var x = Tensor.randn(dtype, random, 19, 4, 21, 18).requiresGrad();
    var w = Tensor.randn(dtype, random, 6, 2, 3, 3).requiresGrad();
    var b = Tensor.randn(dtype, random, 6).requiresGrad();
    Tensor y = x.conv2d(w, b, Conv2dOptions.DEFAULT.padding(1).groups(2));
    Tensor pooled = Tensor.cat(1, y.maxPool2d(2), y.avgPool2d(2));
    add(pooled);
    Autograd.grad(pooled.square().sum(), List.of(x, w, b)).forEach(this::add);
    Window window = Window.of(3).stride(2).padding(1);
    add(x.unfold(window));
    add(x.unfold(window).fold(window, 21, 18));
  }

  static String compute() {
    try {
      var digest = new Digest();
      digest.run(DType.F32);
      digest.run(DType.F64);
      return HexFormat.of().formatHex(digest.hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  public static void main(String[] args) {
    System.out.println(Threads.COUNT + " " + compute());
  }
}
