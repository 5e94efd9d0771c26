"""Optimizers: PyTorch's own, and those it lacks, written out as their papers have them."""

from torch import optim

from fixtures import optimizer

optimizer("SGD", "plain", lambda p: optim.SGD(p, lr=0.1))
optimizer("SGD", "momentum", lambda p: optim.SGD(p, lr=0.1, momentum=0.9))
optimizer("SGD", "nesterov", lambda p: optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True))
optimizer("SGD", "weight decay", lambda p: optim.SGD(p, lr=0.1, weight_decay=0.05))
optimizer(
    "SGD",
    "momentum, weight decay",
    lambda p: optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01),
)

for rule in (optim.Adam, optim.AdamW):
    name = rule.__name__
    optimizer(name, "plain", lambda p: rule(p))
    optimizer(name, "lr, betas, eps", lambda p: rule(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3))
    optimizer(name, "weight decay", lambda p: rule(p, lr=0.05, weight_decay=0.1))
