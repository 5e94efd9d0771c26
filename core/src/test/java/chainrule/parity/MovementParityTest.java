package chainrule.parity;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Binary;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Broadcasting and movement of elements against plain index arithmetic, for every element type. */
class MovementParityTest {
  private static Tensor numbers(DType dtype, int... shape) {
    int n = Shape.of(shape).size();
    var random = new Philox(11, Arrays.toString(shape));
    if (dtype == DType.I32) {
      var data = new int[n];
      Arrays.setAll(data, _ -> random.nextInt(1000));
      return Tensor.of(data).reshape(shape);
    }
    return Tensor.randn(dtype, random, shape);
  }

  /** The element that stands at an index of the result. */
  private interface At {
    double of(Tensor x, int[] index);
  }

  private static void check(Tensor x, Tensor y, int[] shape, At at) {
    assertThat(y.shape()).isEqualTo(Shape.of(shape));
    assertThat(y.dtype()).isEqualTo(x.dtype());
    for (int i = 0; i < y.size(); i++) {
      int[] index = index(i, shape);
      assertThat(Double.doubleToLongBits(y.get(index)))
          .as("element " + Arrays.toString(index))
          .isEqualTo(Double.doubleToLongBits(at.of(x, index)));
    }
  }

  private static int[] index(int position, int[] shape) {
    var index = new int[shape.length];
    int rest = position;
    for (int d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    return index;
  }

  private static double broadcast(Tensor x, int[] index) {
    var own = new int[x.rank()];
    for (int d = 0; d < own.length; d++) {
      own[d] = x.size(d) == 1 ? 0 : index[index.length - own.length + d];
    }
    return x.get(own);
  }

  private static Stream<DynamicTest> types(String name, Function<DType, Runnable> test) {
    return Arrays.stream(DType.values())
        .map(t -> DynamicTest.dynamicTest(name + " / " + t, () -> test.apply(t).run()));
  }

  @TestFactory
  List<DynamicTest> zipBroadcasts() {
    int[][][] cases = {
      {{3, 4}, {4}, {3, 4}},
      {{3, 1}, {1, 4}, {3, 4}},
      {{}, {2, 3}, {2, 3}},
      {{2, 3}, {}, {2, 3}},
      {{5, 1, 4}, {3, 1}, {5, 3, 4}},
      {{1, 1, 1}, {7}, {1, 1, 7}},
      {{2, 1, 3, 1}, {4, 1, 5}, {2, 4, 3, 5}},
      {{0, 3}, {1, 3}, {0, 3}},
      {{300, 1, 17}, {23, 1}, {300, 23, 17}},
      {{1, 70000}, {2, 1}, {2, 70000}},
      {{70000, 1}, {1, 2}, {70000, 2}},
      {{9001, 1}, {9001, 9}, {9001, 9}},
      {{9001, 9}, {9}, {9001, 9}},
      {{401, 1, 31}, {13, 1}, {401, 13, 31}},
      {{401, 13, 5}, {401, 1, 5}, {401, 13, 5}},
      {{7, 2, 2, 3, 2}, {2, 1, 3, 1}, {7, 2, 2, 3, 2}},
    };
    var tests = new ArrayList<DynamicTest>();
    for (int[][] c : cases) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        tests.add(
            DynamicTest.dynamicTest(
                Shape.of(c[0]) + " with " + Shape.of(c[1]) + " / " + dtype,
                () -> {
                  Tensor a = numbers(dtype, c[0]);
                  Tensor b = numbers(dtype, c[1]);
                  for (Binary f : List.of(Binary.SUB, Binary.MAX, Binary.LE)) {
                    Tensor y = a.zip(f, b);
                    assertThat(y.shape()).isEqualTo(Shape.of(c[2]));
                    double[] out = y.toDoubleArray();
                    for (int i = 0; i < out.length; i++) {
                      int[] at = index(i, c[2]);
                      double v = f.value(broadcast(a, at), broadcast(b, at));
                      double expected = dtype == DType.F32 ? (float) v : v;
                      if (out[i] != expected) {
                        assertThat(out[i]).as(Arrays.toString(at)).isEqualTo(expected);
                      }
                    }
                  }
                }));
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> selectBroadcasts() {
    return List.of(
        DynamicTest.dynamicTest("small", () -> select(new int[] {2, 1, 3}, new int[] {4, 1})),
        DynamicTest.dynamicTest("large", () -> select(new int[] {400, 1, 30}, new int[] {9, 1})));
  }

  private static void select(int[] condition, int[] other) {
    Tensor c = numbers(DType.F64, condition).gt(0);
    Tensor a = numbers(DType.F64, other);
    Tensor b = Tensor.scalar(7.0);
    Tensor y = Tensor.where(c, a, b);
    int[] shape = {condition[0], other[0], condition[2]};
    assertThat(y.shape()).isEqualTo(Shape.of(shape));
    double[] out = y.toDoubleArray();
    for (int i = 0; i < out.length; i++) {
      int[] at = index(i, shape);
      assertThat(out[i] == (broadcast(c, at) != 0 ? broadcast(a, at) : 7)).isTrue();
    }
  }

  @TestFactory
  Stream<DynamicTest> expand() {
    return types(
        "expand",
        t ->
            () -> {
              Tensor x = numbers(t, 3, 1, 2);
              int[] to = {4, 3, 5, 2};
              check(x, x.expand(4, -1, 5, 2), to, MovementParityTest::broadcast);
            });
  }

  @TestFactory
  Stream<DynamicTest> permute() {
    return types(
        "permute",
        t ->
            () -> {
              Tensor x = numbers(t, 2, 3, 4, 5);
              int[] dims = {2, 0, 3, 1};
              check(
                  x,
                  x.permute(dims),
                  new int[] {4, 2, 5, 3},
                  (in, i) -> {
                    var from = new int[4];
                    for (int d = 0; d < 4; d++) {
                      from[dims[d]] = i[d];
                    }
                    return in.get(from);
                  });
              check(x, x.t(), new int[] {2, 3, 5, 4}, (in, i) -> in.get(i[0], i[1], i[3], i[2]));
            });
  }

  /** Shapes around the tiles that transposes go by, thin ones, and ones that are split. */
  @TestFactory
  Stream<DynamicTest> permutesOfManyShapes() {
    int[][][] cases = {
      {{67, 130}, {1, 0}},
      {{64, 32}, {1, 0}},
      {{15, 17}, {1, 0}},
      {{16, 1023}, {1, 0}},
      {{3, 70001}, {1, 0}},
      {{70001, 3}, {1, 0}},
      {{401, 353}, {1, 0}},
      {{5, 33, 63}, {2, 0, 1}},
      {{5, 33, 63}, {2, 1, 0}},
      {{300, 7, 65}, {0, 2, 1}},
      {{40, 9, 8, 31}, {0, 2, 1, 3}},
      {{40, 9, 8, 31}, {3, 0, 2, 1}},
      {{40, 1, 100, 31}, {3, 1, 0, 2}},
      {{2, 3, 4, 5, 6}, {4, 2, 0, 3, 1}},
      {{4, 0, 3}, {2, 0, 1}},
    };
    return Arrays.stream(cases)
        .flatMap(
            c -> types(Shape.of(c[0]) + " by " + Arrays.toString(c[1]), t -> () -> permuted(t, c)));
  }

  private static void permuted(DType t, int[][] shapeAndDims) {
    int[] shape = shapeAndDims[0];
    int[] dims = shapeAndDims[1];
    int[] to = Arrays.stream(dims).map(d -> shape[d]).toArray();
    Tensor x = numbers(t, shape);
    double[] in = x.toDoubleArray();
    double[] out = x.permute(dims).toDoubleArray();
    assertThat(out).hasSameSizeAs(in);
    for (int i = 0; i < out.length; i++) {
      int[] at = index(i, to);
      var from = new int[dims.length];
      for (int d = 0; d < dims.length; d++) {
        from[dims[d]] = at[d];
      }
      int place = 0;
      for (int d = 0; d < dims.length; d++) {
        place = place * shape[d] + from[d];
      }
      if (out[i] != in[place]) {
        assertThat(out[i]).as(Arrays.toString(at)).isEqualTo(in[place]);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> largeCopies() {
    return types(
        "large",
        t ->
            () -> {
              Tensor x = numbers(t, 300, 401);
              check(
                  x,
                  x.slice(1, 1, 400, 3),
                  new int[] {300, 133},
                  (in, i) -> in.get(i[0], 1 + 3 * i[1]));
              check(x, x.flip(1), new int[] {300, 401}, (in, i) -> in.get(i[0], 400 - i[1]));
              check(x, x.flip(0), new int[] {300, 401}, (in, i) -> in.get(299 - i[0], i[1]));
              check(
                  x,
                  Tensor.cat(1, x, x.slice(1, 0, 7)),
                  new int[] {300, 408},
                  (in, i) -> in.get(i[0], i[1] % 401));
              Tensor column = numbers(t, 300, 1);
              check(
                  column,
                  column.expand(300, 450),
                  new int[] {300, 450},
                  MovementParityTest::broadcast);
              Tensor row = numbers(t, 450);
              check(row, row.expand(300, 450), new int[] {300, 450}, MovementParityTest::broadcast);
            });
  }

  @Test
  void castsRoundAsJavaDoes() {
    double[] numbers = {
      0.0,
      -0.0,
      1.5,
      -1.5,
      1e300,
      -1e300,
      1e-46,
      16777217,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      3e9
    };
    var data = new double[70_000];
    Arrays.setAll(data, i -> i < numbers.length ? numbers[i] : i / 7.0);
    Tensor x = Tensor.of(data);
    float[] f = x.to(DType.F32).toFloatArray();
    int[] whole = x.to(DType.I32).toIntArray();
    double[] back = x.to(DType.F32).to(DType.F64).toDoubleArray();
    for (int i = 0; i < data.length; i++) {
      if (Float.floatToIntBits(f[i]) != Float.floatToIntBits((float) data[i])
          || whole[i] != (int) data[i]
          || Double.doubleToLongBits(back[i]) != Double.doubleToLongBits((float) data[i])) {
        throw new AssertionError(data[i] + ": " + f[i] + ", " + whole[i] + ", " + back[i]);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> slicesAndOrders() {
    return types(
        "slice",
        t ->
            () -> {
              Tensor x = numbers(t, 3, 7, 2);
              check(
                  x,
                  x.slice(1, 1, 6, 2),
                  new int[] {3, 3, 2},
                  (in, i) -> in.get(i[0], 1 + 2 * i[1], i[2]));
              check(x, x.pick(0, -1), new int[] {7, 2}, (in, i) -> in.get(2, i[0], i[1]));
              check(x, x.flip(1), new int[] {3, 7, 2}, (in, i) -> in.get(i[0], 6 - i[1], i[2]));
              check(
                  x,
                  x.roll(9, 1),
                  new int[] {3, 7, 2},
                  (in, i) -> in.get(i[0], (i[1] + 5) % 7, i[2]));
              check(
                  x,
                  Tensor.cat(1, x, x.slice(1, 2, 4)),
                  new int[] {3, 9, 2},
                  (in, i) -> in.get(i[0], i[1] < 7 ? i[1] : i[1] - 5, i[2]));
              check(
                  x,
                  Tensor.stack(1, x, x),
                  new int[] {3, 2, 7, 2},
                  (in, i) -> in.get(i[0], i[2], i[3]));
              check(
                  x,
                  x.reshape(6, -1),
                  new int[] {6, 7},
                  (in, i) -> in.get(index(i[0] * 7 + i[1], new int[] {3, 7, 2})));
            });
  }

  @Test
  void piecesOfNothingAndLongSteps() {
    Tensor none = Tensor.zeros(3, 0);
    assertThat(none.split(2, 1)).containsExactly(none);
    assertThat(none.chunk(4, -1)).containsExactly(none);
    Tensor x = Tensor.of(1.0, 2.0, 3.0);
    assertThat(x.slice(0, 1, 3, Integer.MAX_VALUE).toDoubleArray()).containsExactly(2);
  }

  @Test
  void bordersAndTriangles() {
    for (DType t : List.of(DType.F32, DType.F64)) {
      Tensor x = numbers(t, 3, 4);
      check(
          x,
          x.pad(new int[] {1, 0}, new int[] {0, 2}, -1.5),
          new int[] {4, 6},
          (in, i) -> i[0] < 1 || i[1] > 3 ? -1.5 : in.get(i[0] - 1, i[1]));
      for (int k = -3; k <= 4; k++) {
        int diagonal = k;
        check(x, x.tril(k), new int[] {3, 4}, (in, i) -> i[1] - i[0] <= diagonal ? in.get(i) : 0);
        check(x, x.triu(k), new int[] {3, 4}, (in, i) -> i[1] - i[0] >= diagonal ? in.get(i) : 0);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> indices() {
    return types(
        "gather",
        t ->
            () -> {
              Tensor x = numbers(t, 3, 5, 2);
              Tensor index = Tensor.of(new int[] {4, 0, 1, 1, 3, 2, 0, 0, 2, 4, 4, 4}, 3, 2, 2);
              check(
                  x,
                  x.gather(1, index),
                  new int[] {3, 2, 2},
                  (in, i) -> in.get(i[0], (int) index.get(i), i[2]));
              Tensor rows = Tensor.of(new int[] {2, 2, 0});
              check(
                  x,
                  x.indexSelect(0, rows),
                  new int[] {3, 5, 2},
                  (in, i) -> in.get((int) rows.get(i[0]), i[1], i[2]));
              Tensor places = Tensor.of(new int[] {29, 0, 7, 7}, 2, 2);
              check(
                  x,
                  x.take(places),
                  new int[] {2, 2},
                  (in, i) -> in.get(index((int) places.get(i), new int[] {3, 5, 2})));
            });
  }

  @Test
  void sumsOverAnyDimensionsAreTheSumsOfTheirElements() {
    Tensor x = numbers(DType.F64, 3, 4, 1, 5, 2);
    for (int subset = 0; subset < 32; subset++) {
      int mask = subset;
      int[] dims =
          java.util.stream.IntStream.range(0, 5).filter(d -> (mask >> d & 1) == 1).toArray();
      Tensor y = x.sum(dims, true);
      var expected = new double[y.size()];
      double[] data = x.toDoubleArray();
      for (int i = 0; i < data.length; i++) {
        int[] at = index(i, x.shape().toArray());
        int to = 0;
        for (int d = 0; d < 5; d++) {
          to = to * y.size(d) + ((mask >> d & 1) == 1 ? 0 : at[d]);
        }
        expected[to] += data[i];
      }
      Tensor reference = Tensor.of(expected).reshape(y.shape().toArray());
      assertThat(y.allClose(reference, 1e-14, 1e-13)).as(Arrays.toString(dims)).isTrue();
      assertThat(x.sum(dims, false).flatten().sameBits(y.flatten())).isTrue();
    }
  }
}
