"""Linear layers, convolutions, pools, normalisations, activations, containers."""

import torch
from torch import nn

from fixtures import Given, fixture, layer

layer("Linear", "plain", nn.Linear(4, 3), x=(5, 4))
layer("Linear", "no bias", nn.Linear(4, 3, bias=False), x=(5, 4))
layer("Linear", "batches", nn.Linear(3, 2), x=(2, 2, 4, 3))
layer("Linear", "one row", nn.Linear(3, 2), x=(3,))

layer("Conv2d", "plain", nn.Conv2d(2, 3, 3), x=(2, 2, 5, 6))
layer("Conv2d", "no bias", nn.Conv2d(2, 3, (1, 2), bias=False), x=(1, 2, 3, 4))
layer(
    "Conv2d",
    "stride, padding, dilation",
    nn.Conv2d(2, 2, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2)),
    x=(2, 2, 5, 4),
)
layer("Conv2d", "groups", nn.Conv2d(4, 6, 2, groups=2, padding=1), x=(1, 4, 3, 4))
layer("Conv2d", "depthwise", nn.Conv2d(3, 6, 3, groups=3, stride=2, padding=1), x=(1, 3, 5, 5))

layer("MaxPool2d", "plain", nn.MaxPool2d(2), x=(2, 2, 4, 6))
layer(
    "MaxPool2d",
    "stride, padding, dilation",
    nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 1), dilation=(1, 2)),
    x=(1, 2, 5, 6),
)
layer("AvgPool2d", "plain", nn.AvgPool2d(2), x=(2, 2, 4, 6))
layer("AvgPool2d", "padding counts", nn.AvgPool2d((3, 2), stride=(2, 1), padding=(1, 1)), x=(1, 2, 5, 6))
layer(
    "AvgPool2d",
    "padding does not count",
    nn.AvgPool2d((3, 2), stride=(2, 1), padding=(1, 1), count_include_pad=False),
    x=(1, 2, 5, 6),
)

layer("BatchNorm1d", "plain", nn.BatchNorm1d(3), x=(5, 3))
layer("BatchNorm1d", "length", nn.BatchNorm1d(2, eps=1e-3, momentum=0.3), x=(3, 2, 4))
layer("LayerNorm", "plain", nn.LayerNorm(4), x=(3, 4))
layer("LayerNorm", "two dimensions", nn.LayerNorm((2, 3), eps=1e-2), x=(2, 2, 3))

layer("Flatten", "plain", nn.Flatten(), x=(2, 3, 2))
layer("Flatten", "from 2", nn.Flatten(2), x=(2, 2, 3, 2))
layer("Identity", "plain", nn.Identity(), x=(2, 3))


class Residual(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return x + self.body(x)


layer("Residual", "linear", Residual(nn.Linear(3, 3)), x=(4, 3))
layer(
    "Residual",
    "convolution",
    Residual(nn.Sequential(nn.Conv2d(2, 2, 3, padding=1), nn.SiLU())),
    x=(1, 2, 3, 4),
)
layer("Sequential", "empty", nn.Sequential(), x=(2, 3))
layer(
    "Sequential",
    "nested",
    nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Sequential(nn.Tanh(), nn.Linear(4, 2))),
    x=(5, 3),
)

WIDE = dict(low=-8.0, high=8.0)


def activation(subject, case, module):
    layer(subject, case, module, x=Given(f"{subject}/{case}").draw("in/x", 4, 5, **WIDE))


for name in (
    "ReLU ReLU6 Tanh Sigmoid LogSigmoid SELU SiLU Mish Softplus Softsign Hardtanh Hardswish"
).split():
    activation(name, "plain", getattr(nn, name)())

class Hardsigmoid(nn.Module):
    """PyTorch's own has in F64 the slope 1/6 rounded to F32."""

    def forward(self, x):
        return nn.functional.relu6(x + 3) / 6


activation("Hardsigmoid", "plain", Hardsigmoid())
activation("ELU", "plain", nn.ELU())
activation("ELU", "alpha", nn.ELU(0.5))
activation("LeakyReLU", "plain", nn.LeakyReLU())
activation("LeakyReLU", "slope", nn.LeakyReLU(0.25))
activation("GELU", "none", nn.GELU())
activation("GELU", "tanh", nn.GELU(approximate="tanh"))
for name in ("Softmax", "LogSoftmax"):
    layer(name, "last", getattr(nn, name)(-1), x=(3, 4))
    layer(name, "first", getattr(nn, name)(0), x=(4, 3))
    layer(name, "middle", getattr(nn, name)(1), x=(2, 3, 2))


def dropout(case, p):
    """PyTorch's mask is its own: what is held to is an element that is kept, found by trying."""
    layer("Dropout", case, nn.Dropout(p), x=(4, 5)) if p in (0, 1) else kept(case, p)


def kept(case, p):
    fix = fixture("layers", "Dropout")
    given = Given(f"Dropout/{case}")
    x, g = given.draw("in/x", 4, 5), given.draw("g/0", 4, 5)
    torch.manual_seed(1)
    module = nn.Dropout(p)
    out, gradient = torch.zeros_like(x), torch.zeros_like(x)
    while (out == 0).any():
        leaf = x.clone().requires_grad_()
        y = module(leaf)
        y.backward(g)
        out = torch.where(y != 0, y.detach(), out)
        gradient = torch.where(y != 0, leaf.grad, gradient)
    fix.put(case, "in/x", x)
    fix.put(case, "out/0", out)
    fix.put(case, "g/0", g)
    fix.put(case, "grad/in/x", gradient)
    fix.put(case, "eval/0", module.eval()(x))


dropout("nothing", 0)
dropout("everything", 1)
dropout("a half", 0.5)
dropout("a fifth", 0.2)
