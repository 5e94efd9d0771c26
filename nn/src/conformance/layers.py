"""Linear layers, convolutions, pools, normalisations, activations, containers."""

import torch
from torch import nn

from fixtures import Given, Range, fixture, layer

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

layer("Conv1d", "plain", nn.Conv1d(2, 3, 3), x=(2, 2, 6))
layer("Conv1d", "no bias", nn.Conv1d(3, 2, 1, bias=False), x=(1, 3, 4))
layer(
    "Conv1d",
    "stride, padding, dilation",
    nn.Conv1d(2, 2, 3, stride=2, padding=2, dilation=2),
    x=(2, 2, 7),
)
layer("Conv1d", "groups", nn.Conv1d(4, 6, 2, groups=2, padding=1), x=(1, 4, 5))

layer("ConvTranspose2d", "plain", nn.ConvTranspose2d(2, 3, 3), x=(2, 2, 3, 4))
layer("ConvTranspose2d", "no bias", nn.ConvTranspose2d(3, 2, (1, 2), bias=False), x=(1, 3, 3, 2))
layer(
    "ConvTranspose2d",
    "stride, padding, output padding, dilation",
    nn.ConvTranspose2d(
        2, 2, (3, 2), stride=(2, 3), padding=(1, 0), output_padding=(1, 2), dilation=(1, 2)
    ),
    x=(2, 2, 3, 2),
)
layer("ConvTranspose2d", "groups", nn.ConvTranspose2d(4, 6, 2, groups=2, stride=2), x=(1, 4, 2, 3))

layer("MaxPool1d", "plain", nn.MaxPool1d(2), x=(2, 2, 6))
layer("MaxPool1d", "ceil", nn.MaxPool1d(2, ceil_mode=True), x=(2, 2, 5))
layer(
    "MaxPool1d",
    "stride, padding, dilation",
    nn.MaxPool1d(3, stride=1, padding=1, dilation=2),
    x=(2, 2, 7),
)
layer("AvgPool1d", "plain", nn.AvgPool1d(2), x=(2, 2, 6))
layer("AvgPool1d", "ceil", nn.AvgPool1d(2, ceil_mode=True), x=(2, 2, 5))
layer("AvgPool1d", "padding counts", nn.AvgPool1d(3, stride=1, padding=1), x=(1, 2, 5))
layer(
    "AvgPool1d",
    "padding does not count",
    nn.AvgPool1d(3, stride=2, padding=1, count_include_pad=False),
    x=(1, 2, 6),
)
layer("AdaptiveAvgPool2d", "one", nn.AdaptiveAvgPool2d(1), x=(2, 3, 4, 3))
layer("AdaptiveAvgPool2d", "uneven", nn.AdaptiveAvgPool2d((2, 3)), x=(1, 2, 5, 7))
layer("AdaptiveAvgPool2d", "more than there is", nn.AdaptiveAvgPool2d((5, 2)), x=(1, 2, 3, 4))

layer("MaxPool2d", "ceil", nn.MaxPool2d(2, ceil_mode=True), x=(1, 2, 5, 3))
layer("AvgPool2d", "ceil", nn.AvgPool2d((2, 3), (2, 3), padding=1, ceil_mode=True), x=(1, 2, 5, 4))
layer(
    "AvgPool2d",
    "ceil, padding does not count",
    nn.AvgPool2d((2, 3), (2, 3), padding=1, ceil_mode=True, count_include_pad=False),
    x=(1, 2, 5, 4),
)
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
layer(
    "BatchNorm1d", "bare", nn.BatchNorm1d(3, affine=False, track_running_stats=False), x=(4, 3)
)
layer("BatchNorm2d", "plain", nn.BatchNorm2d(3), x=(2, 3, 2, 3))
layer("BatchNorm2d", "options", nn.BatchNorm2d(2, eps=1e-2, momentum=0.5), x=(2, 2, 3, 2))
layer(
    "BatchNorm2d",
    "bare",
    nn.BatchNorm2d(2, affine=False, track_running_stats=False),
    x=(3, 2, 2, 2),
)
layer("InstanceNorm1d", "plain", nn.InstanceNorm1d(3), x=(2, 3, 4))
layer("InstanceNorm1d", "affine", nn.InstanceNorm1d(2, eps=1e-2, affine=True), x=(3, 2, 5))
layer(
    "InstanceNorm1d",
    "tracked",
    nn.InstanceNorm1d(2, momentum=0.3, affine=True, track_running_stats=True),
    x=(3, 2, 5),
)
layer("InstanceNorm2d", "plain", nn.InstanceNorm2d(3), x=(2, 3, 2, 3))
layer("InstanceNorm2d", "affine", nn.InstanceNorm2d(2, eps=1e-2, affine=True), x=(2, 2, 3, 2))
layer(
    "InstanceNorm2d",
    "tracked",
    nn.InstanceNorm2d(2, momentum=0.3, track_running_stats=True),
    x=(3, 2, 2, 2),
)
layer("GroupNorm", "plain", nn.GroupNorm(2, 4), x=(2, 4, 3))
layer("GroupNorm", "images", nn.GroupNorm(3, 6, eps=1e-2), x=(2, 6, 2, 2))
layer("GroupNorm", "bare", nn.GroupNorm(2, 4, affine=False), x=(2, 4, 2))


class RMSNorm(nn.Module):
    """As in later versions of PyTorch."""

    def __init__(self, shape, eps=None, affine=True):
        super().__init__()
        self.dims = tuple(range(-len(shape), 0))
        self.eps = torch.finfo(torch.float64).eps if eps is None else eps
        self.weight = nn.Parameter(torch.ones(shape)) if affine else None

    def forward(self, x):
        y = x / (x.square().mean(self.dims, keepdim=True) + self.eps).sqrt()
        return y if self.weight is None else y * self.weight


layer("RMSNorm", "plain", RMSNorm((4,)), x=(3, 4))
layer("RMSNorm", "two dimensions", RMSNorm((2, 3), eps=1e-2), x=(2, 2, 3))
layer("RMSNorm", "bare", RMSNorm((4,), affine=False), x=(2, 3, 4))

layer("LayerNorm", "bare", nn.LayerNorm(3, elementwise_affine=False), x=(2, 3))


class LayerNormWithoutBias(nn.Module):
    """As in later versions of PyTorch."""

    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        return nn.functional.layer_norm(x, self.weight.shape, self.weight)


layer("LayerNorm", "no bias", LayerNormWithoutBias(4), x=(3, 4))
layer("LayerNorm", "plain", nn.LayerNorm(4), x=(3, 4))
layer("LayerNorm", "two dimensions", nn.LayerNorm((2, 3), eps=1e-2), x=(2, 2, 3))

layer("Flatten", "plain", nn.Flatten(), x=(2, 3, 2))
layer("Flatten", "from 2", nn.Flatten(2), x=(2, 2, 3, 2))
layer("Identity", "plain", nn.Identity(), x=(2, 3))
layer("Unflatten", "plain", nn.Unflatten(1, (2, 3)), x=(2, 6))
layer("Unflatten", "last", nn.Unflatten(-1, (2, 1, 2)), x=(2, 3, 4))


class FlattenConsecutive(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, x):
        batch, length, width = x.shape
        return x.view(batch, length // self.n, width * self.n).squeeze(1)


layer("FlattenConsecutive", "pairs", FlattenConsecutive(2), x=(2, 4, 3))
layer("FlattenConsecutive", "all", FlattenConsecutive(3), x=(2, 3, 2))

layer("Embedding", "plain", nn.Embedding(5, 3), x=Given("Embedding").labels("x", 2, 4, classes=5))
layer(
    "Embedding",
    "padding",
    nn.Embedding(4, 2, padding_idx=1),
    x=torch.tensor([[0, 1, 3, 1], [2, 2, 1, 0]]),
)
layer(
    "Bilinear", "plain", nn.Bilinear(3, 4, 2), lambda m, i: m(i["a"], i["b"]), a=(5, 3), b=(5, 4)
)
layer(
    "Bilinear",
    "no bias",
    nn.Bilinear(2, 3, 4, bias=False),
    lambda m, i: m(i["a"], i["b"]),
    a=(2, 3, 2),
    b=(2, 3, 3),
)


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


class Projected(Residual):
    def __init__(self, body, shortcut):
        super().__init__(body)
        self.shortcut = shortcut

    def forward(self, x):
        return self.shortcut(x) + self.body(x)


layer(
    "Residual",
    "shortcut",
    Projected(nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), nn.Linear(3, 2)),
    x=(4, 3),
)


class Branches(nn.Sequential):
    def __init__(self, join, *branches):
        super().__init__(*branches)
        self.join = join

    def forward(self, x):
        return self.join([branch(x) for branch in self])


layer("Parallel", "two", Branches(sum, nn.Linear(3, 2), nn.Linear(3, 2, bias=False)), x=(4, 3))
layer("Parallel", "one", Branches(sum, nn.Tanh()), x=(2, 3))
layer("Concat", "last", Branches(lambda y: torch.cat(y, -1), nn.Linear(3, 2), nn.Identity()), x=(4, 3))
layer(
    "Concat",
    "channels",
    Branches(lambda y: torch.cat(y, 1), nn.Conv2d(2, 3, 1), nn.Conv2d(2, 1, 3, padding=1)),
    x=(1, 2, 3, 3),
)


class Unroll(nn.Module):
    def __init__(self, body, times):
        super().__init__()
        self.body = body
        self.times = times

    def forward(self, x):
        for _ in range(self.times):
            x = self.body(x)
        return x


layer("Unroll", "three times", Unroll(nn.Linear(3, 3), 3), x=(4, 3))
layer("Unroll", "once", Unroll(nn.Sequential(nn.Linear(3, 2), nn.Tanh()), 1), x=(4, 3))


class Swapped(nn.Module):
    def forward(self, x):
        return x.transpose(1, 2).sin()


layer("Lambda", "plain", Swapped(), x=(2, 3, 2))


class Squares(nn.Module):
    def forward(self, x):
        return x.square().sum(-1)


layer("Lambda", "squares", Squares(), x=(3, 2))

table = nn.Embedding(4, 3)
head = nn.Linear(3, 4, bias=False)
head.weight = table.weight
layer(
    "Sequential", "tied weights", nn.Sequential(table, nn.Tanh(), head), x=torch.tensor([[0, 2], [1, 2]])
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
    layer(subject, case, module, x=Given(f"{subject}/{case}").draw("in/x", 4, 6, **WIDE))


for name in (
    "ReLU ReLU6 Tanh Sigmoid LogSigmoid SELU SiLU Mish Softplus Softsign Hardtanh Hardswish"
    " Tanhshrink CELU Hardshrink Softshrink GLU PReLU"
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
activation("CELU", "alpha", nn.CELU(0.5))
activation("Hardshrink", "lambda", nn.Hardshrink(1.25))
activation("Softshrink", "lambda", nn.Softshrink(1.25))
activation("Hardtanh", "limits", nn.Hardtanh(-2.5, 0.5))
activation("Softplus", "beta", nn.Softplus(2))
activation("Threshold", "plain", nn.Threshold(0.5, -1.0))
activation("Threshold", "above", nn.Threshold(-1.5, 2.0))
layer("PReLU", "channels", nn.PReLU(3), x=(2, 3, 4))
layer("GLU", "first", nn.GLU(0), x=(4, 3))
for name in ("Softmax", "LogSoftmax", "Softmin"):
    layer(name, "last", getattr(nn, name)(-1), x=(3, 4))
    layer(name, "first", getattr(nn, name)(0), x=(4, 3))
    layer(name, "middle", getattr(nn, name)(1), x=(2, 3, 2))

EXTREMES = torch.tensor(
    [[1e4, -1e4, 88.5, -88.5], [36.5, -36.5, 710.25, -745.25], [0.5, -1.25, 2.0, 0.125]]
)
for name in "Sigmoid LogSigmoid Tanh SiLU Mish Softplus SELU ELU CELU Softsign GELU".split():
    layer(name, "extremes", getattr(nn, name)(), x=EXTREMES)
for name in ("Softmax", "LogSoftmax", "Softmin"):
    layer(name, "extremes", getattr(nn, name)(-1), x=EXTREMES)
BELOW = Range(1, 2, 4, 4, low=-9, high=-5)
layer("MaxPool2d", "negative numbers, padded", nn.MaxPool2d(2, padding=1), x=BELOW)
BELOW = Range(1, 2, 6, low=-9, high=-5)
layer("MaxPool1d", "negative numbers, padded", nn.MaxPool1d(2, padding=1), x=BELOW)


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
