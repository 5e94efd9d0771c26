"""Data and initial weights of the trainings: the numbers of Training, Generator and InitialWeights."""

import math

import numpy as np

F = np.float32
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)

# name: batch, batches, numbers of a sample, widths of layers
TRAININGS = {
    "moons": (100, 1, 2, [2, 16, 16, 1]),
    "tiny": (4, 1, 2, [2, 4, 1]),
    "nielsen": (10, 100, 784, [784, 30, 10]),
    "mlp64": (64, 16, 784, [784, 128, 10]),
    "mlp256": (256, 8, 784, [784, 1024, 1024, 10]),
    "deepbn": (128, 8, 128, []),
    "cnn": (64, 4, 784, []),
    "gpt": (16, 8, 64, []),
    "infer1": (1, 1, 784, [784, 128, 10]),
}
CLASSES = 10
CHARACTERS = 65


def uniform(stream, n):
    """n numbers in [0, 1) of a stream."""
    with np.errstate(over="ignore"):
        z = (np.uint64(stream << 32) + np.arange(1, n + 1, dtype=np.uint64)) * GOLDEN
        z = (z ^ (z >> np.uint64(30))) * FIRST
        z = (z ^ (z >> np.uint64(27))) * SECOND
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(F) * F(2.0**-24)


def below(bound, stream, n):
    """n whole numbers below a bound."""
    return np.minimum((uniform(stream, n) * F(bound)).astype(np.int64), bound - 1)


class InitialWeights:
    """A stream for each parameter, within 1/sqrt(fan-in)."""

    def __init__(self):
        self.stream = 1000

    def next(self, fan_in, *shape):
        scale = F(1.0 / math.sqrt(fan_in))
        w = (uniform(self.stream, int(np.prod(shape))) * F(2) - F(1)) * scale
        self.stream += 1
        return w.reshape(shape)


def moons():
    x = np.zeros((100, 2), F)
    for i in range(50):
        t = math.pi * i / 49
        x[i] = (math.cos(t), math.sin(t))
        x[50 + i] = (1 - math.cos(t), 0.5 - math.sin(t))
    x += (uniform(3, 200) - F(0.5)).reshape(100, 2) * F(0.2)
    return x, np.repeat(F([-1, 1]), 50).reshape(100, 1)


def batches(name):
    """The batches of a training, pairs of samples and what is asked of the network."""
    size, count, features, _ = TRAININGS[name]
    if name == "moons":
        return [moons()]
    if name == "tiny":
        return [(F([[0, 0], [0, 1], [1, 0], [1, 1]]), F([[0], [1], [1], [0]]))]
    if name == "gpt":
        text = below(CHARACTERS, 4, count * size * (features + 1))
        text = text.reshape(count, size, features + 1)
        return [(t[:, :-1].copy(), t[:, 1:].copy()) for t in text]
    x = uniform(1, count * size * features).reshape(count, size, features)
    y = below(CLASSES, 2, count * size).reshape(count, size)
    if name == "nielsen":
        return [(a, np.eye(CLASSES, dtype=F)[b]) for a, b in zip(x, y)]
    return [(a.copy(), b.copy()) for a, b in zip(x, y)]
