"""PyTorch, eager, as its users write it."""

import torch
import torch.nn as nn
import torch.nn.functional as f

import trainings as t

TITLE = "PyTorch " + torch.__version__
WIDTH = 128


def open_task(name, threads):
    """The task of a workload; None for what it does not have."""
    if name not in t.TRAININGS:
        return None
    torch.set_num_threads(threads)
    return Inference() if name == "infer1" else Training(name)


def set_weights(parameter, values):
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(values))


def linear(initial, i, o, bias=True):
    layer = nn.Linear(i, o, bias=bias)
    set_weights(layer.weight, initial.next(i, o, i))
    if bias:
        set_weights(layer.bias, initial.next(i, o))
    return layer


def convolution(initial, i, o):
    layer = nn.Conv2d(i, o, 3)
    set_weights(layer.weight, initial.next(9 * i, o, i, 3, 3))
    set_weights(layer.bias, initial.next(9 * i, o))
    return layer


def chain(initial, widths, activation):
    layers = []
    for i, o in zip(widths, widths[1:]):
        layers += [linear(initial, i, o), activation()]
    return nn.Sequential(*layers[:-1])


class Normed(nn.Module):
    def __init__(self, initial):
        super().__init__()
        self.linear = linear(initial, WIDTH, WIDTH)
        self.norm = nn.BatchNorm1d(WIDTH)

    def forward(self, x):
        return x + f.relu(self.norm(self.linear(x)))


class Layer(nn.Module):
    HEADS = 4

    def __init__(self, initial, length):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv = linear(initial, WIDTH, 3 * WIDTH)
        self.out = linear(initial, WIDTH, WIDTH)
        self.wide = linear(initial, WIDTH, 4 * WIDTH)
        self.narrow = linear(initial, 4 * WIDTH, WIDTH)
        self.register_buffer("future", torch.ones(length, length).tril() == 0)

    def forward(self, x):
        n, length, _ = x.shape
        each = WIDTH // self.HEADS
        q, k, v = (
            z.view(n, length, self.HEADS, each).transpose(1, 2)
            for z in self.qkv(self.norm1(x)).split(WIDTH, dim=2)
        )
        seen = (q @ k.transpose(-2, -1)) * each**-0.5
        seen = seen.masked_fill(self.future, float("-inf")).softmax(-1)
        x = x + self.out((seen @ v).transpose(1, 2).reshape(n, length, WIDTH))
        return x + self.narrow(f.gelu(self.wide(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self, initial, length):
        super().__init__()
        self.characters = nn.Embedding(t.CHARACTERS, WIDTH)
        self.positions = nn.Embedding(length, WIDTH)
        set_weights(self.characters.weight, initial.next(WIDTH, t.CHARACTERS, WIDTH))
        set_weights(self.positions.weight, initial.next(WIDTH, length, WIDTH))
        self.layers = nn.Sequential(*[Layer(initial, length) for _ in range(4)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = linear(initial, WIDTH, t.CHARACTERS, bias=False)

    def forward(self, text):
        x = self.characters(text) + self.positions(torch.arange(text.shape[1]))
        return self.head(self.norm(self.layers(x)))


def network(name):
    initial = t.InitialWeights()
    _, _, features, widths = t.TRAININGS[name]
    if name == "tiny":
        return nn.Sequential(
            linear(initial, 2, 4), nn.Tanh(), linear(initial, 4, 1), nn.Sigmoid()
        )
    if name == "nielsen":
        return nn.Sequential(chain(initial, widths, nn.Sigmoid), nn.Sigmoid())
    if name == "deepbn":
        blocks = [Normed(initial) for _ in range(20)]
        return nn.Sequential(*blocks, linear(initial, WIDTH, t.CLASSES))
    if name == "cnn":
        return nn.Sequential(
            convolution(initial, 1, 32),
            nn.ReLU(),
            convolution(initial, 32, 64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            chain(initial, [9216, 128, t.CLASSES], nn.ReLU),
        )
    return Gpt(initial, features) if name == "gpt" else chain(initial, widths, nn.ReLU)


def optimizer(name, parameters):
    if name in ("mlp64", "deepbn"):
        return torch.optim.Adam(parameters, lr=1e-3)
    if name == "gpt":
        return torch.optim.AdamW(parameters, lr=3e-4, weight_decay=0.01)
    if name == "mlp256":
        return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)
    return torch.optim.SGD(parameters, lr={"moons": 0.1, "cnn": 0.01}.get(name, 0.5))


class Training:
    def __init__(self, name):
        self.name = name
        self.network = network(name)
        self.parameters = list(self.network.parameters())
        self.optimizer = optimizer(name, self.parameters)
        pairs = t.batches(name)
        self.batches = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in pairs]
        if name == "cnn":
            self.batches = [(x.reshape(-1, 1, 28, 28), y) for x, y in self.batches]
        self.steps = 0

    def run(self):
        x, y = self.batches[self.steps % len(self.batches)]
        self.steps += 1
        self.optimizer.zero_grad(set_to_none=True)
        self.loss = self.loss_of(self.network(x), y)
        self.loss.backward()
        self.optimizer.step()

    def loss_of(self, s, y):
        if self.name == "moons":
            return f.relu(1 - y * s).mean() + 1e-4 * sum((p * p).sum() for p in self.parameters)
        if self.name == "tiny":
            return f.mse_loss(s, y)
        if self.name == "nielsen":
            return 0.5 * ((s - y) ** 2).sum() / len(s)
        if self.name == "gpt":
            return f.cross_entropy(s.reshape(-1, t.CHARACTERS), y.reshape(-1))
        return f.cross_entropy(s, y)

    def result(self):
        losses = []
        for _ in range(5):
            self.run()
            losses.append(self.loss.item())
        return losses


class Inference:
    def __init__(self):
        self.network = network("infer1")
        self.x = t.batches("infer1")[0][0]

    def run(self):
        with torch.inference_mode():
            self.y = self.network(torch.from_numpy(self.x)).numpy()

    def result(self):
        self.run()
        return [float(v) for v in self.y[0]]
