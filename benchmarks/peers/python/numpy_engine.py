"""NumPy with backward passes by hand, in F32, as readers of an introduction write them."""

import numpy as np

import trainings as t

F = np.float32
TITLE = "NumPy " + np.__version__


def open_task(name, threads):
    """The task of a workload; None for what it does not have."""
    widths = t.TRAININGS.get(name, (0, 0, 0, []))[3]
    if not widths:
        return None
    return Inference(widths) if name == "infer1" else Training(name, widths)


def sigmoid(z):
    return F(1) / (F(1) + np.exp(-z))


class Network:
    """Linear layers with an activation between them, and perhaps one at the end."""

    def __init__(self, widths, inner, last):
        initial = t.InitialWeights()
        self.activations = [inner] * (len(widths) - 2) + [last]
        self.weights, self.biases = [], []
        for i, o in zip(widths, widths[1:]):
            self.weights.append(initial.next(i, o, i))
            self.biases.append(initial.next(i, o))

    def parameters(self):
        return [p for pair in zip(self.weights, self.biases) for p in pair]

    def forward(self, x):
        self.values = [x]
        for w, b, f in zip(self.weights, self.biases, self.activations):
            x = x @ w.T + b
            if f == "relu":
                x = np.maximum(x, 0)
            elif f == "tanh":
                x = np.tanh(x)
            elif f == "sigmoid":
                x = sigmoid(x)
            self.values.append(x)
        return x

    def backward(self, g):
        gradients = []
        for k in range(len(self.weights) - 1, -1, -1):
            f, y = self.activations[k], self.values[k + 1]
            if f == "relu":
                g = g * (y > 0)
            elif f == "tanh":
                g = g * (1 - y * y)
            elif f == "sigmoid":
                g = g * (y * (1 - y))
            gradients[:0] = [g.T @ self.values[k], g.sum(0)]
            if k:
                g = g @ self.weights[k]
        return gradients


class Training:
    def __init__(self, name, widths):
        inner = {"tiny": "tanh", "nielsen": "sigmoid"}.get(name, "relu")
        last = "sigmoid" if name in ("tiny", "nielsen") else None
        self.name = name
        self.network = Network(widths, inner, last)
        self.parameters = self.network.parameters()
        self.first = [np.zeros_like(p) for p in self.parameters]
        self.second = [np.zeros_like(p) for p in self.parameters]
        self.batches = t.batches(name)
        self.steps = 0

    def run(self):
        x, y = self.batches[self.steps % len(self.batches)]
        self.steps += 1
        loss, g = self.loss_of(self.network.forward(x), y)
        self.loss = float(loss)
        self.update(self.network.backward(g))

    def loss_of(self, s, y):
        n = F(len(s))
        if self.name == "moons":
            margins = 1 - y * s
            squares = sum((p * p).sum() for p in self.parameters)
            return np.maximum(margins, 0).mean() + 1e-4 * squares, -y * (margins > 0) / n
        if self.name == "tiny":
            return ((s - y) ** 2).mean(), F(2) * (s - y) / n
        if self.name == "nielsen":
            return 0.5 * ((s - y) ** 2).sum() / n, (s - y) / n
        e = np.exp(s - s.max(1, keepdims=True))
        p = e / e.sum(1, keepdims=True)
        rows = np.arange(len(y))
        loss = -np.log(p[rows, y]).mean()
        p[rows, y] -= 1
        return loss, p / n

    def update(self, gradients):
        if self.name == "mlp64":
            self.adam(gradients)
        elif self.name == "mlp256":
            for p, m, g in zip(self.parameters, self.first, gradients):
                m *= F(0.9)
                m += g
                p -= F(0.01) * m
        else:
            rate = F(0.1 if self.name == "moons" else 0.5)
            for p, g in zip(self.parameters, gradients):
                if self.name == "moons":
                    g = g + F(2e-4) * p
                p -= rate * g

    def adam(self, gradients):
        c1 = 1 - 0.9**self.steps
        c2 = 1 - 0.999**self.steps
        for p, m, v, g in zip(self.parameters, self.first, self.second, gradients):
            m *= F(0.9)
            m += F(0.1) * g
            v *= F(0.999)
            v += F(0.001) * g * g
            p -= F(1e-3 / c1) * m / (np.sqrt(v) * F(1 / c2**0.5) + F(1e-8))

    def result(self):
        losses = []
        for _ in range(5):
            self.run()
            losses.append(self.loss)
        return losses


class Inference:
    def __init__(self, widths):
        self.network = Network(widths, "relu", None)
        self.x = t.batches("infer1")[0][0]

    def run(self):
        self.y = self.network.forward(self.x)

    def result(self):
        self.run()
        return [float(v) for v in self.y[0]]
