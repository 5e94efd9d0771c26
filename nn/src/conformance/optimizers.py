"""Optimizers: PyTorch's own, and those it lacks, written out as their papers have them."""

import torch
from torch import optim

from fixtures import objective, optimizer

optimizer("SGD", "plain", lambda p: optim.SGD(p, lr=0.1))
optimizer("SGD", "momentum", lambda p: optim.SGD(p, lr=0.1, momentum=0.9))
optimizer("SGD", "nesterov", lambda p: optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True))
optimizer("SGD", "weight decay", lambda p: optim.SGD(p, lr=0.1, weight_decay=0.05))
optimizer(
    "SGD",
    "momentum, weight decay, dampening",
    lambda p: optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, dampening=0.3),
)
optimizer("SGD", "maximize", lambda p: optim.SGD(p, lr=0.1, momentum=0.5, maximize=True))
optimizer(
    "SGD",
    "groups",
    lambda p: optim.SGD(
        [{"params": [p[0]]}, {"params": [p[1]], "lr": 0.02, "momentum": 0.5}], lr=0.1
    ),
)

for rule in (optim.Adam, optim.AdamW):
    name = rule.__name__
    optimizer(name, "plain", lambda p: rule(p))
    optimizer(name, "lr, betas, eps", lambda p: rule(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3))
    optimizer(name, "weight decay", lambda p: rule(p, lr=0.05, weight_decay=0.1))
    optimizer(name, "amsgrad", lambda p: rule(p, lr=0.05, betas=(0.7, 0.8), amsgrad=True))
    optimizer(name, "maximize", lambda p: rule(p, lr=0.05, maximize=True))
optimizer(
    "ElementwiseOptimizer",
    "the rule of Adam",
    lambda p: optim.Adam(p, lr=0.05, weight_decay=0.1, maximize=True),
)
optimizer(
    "ElementwiseOptimizer", "the rule of SGD", lambda p: optim.SGD(p, lr=0.1, momentum=0.9)
)

optimizer("Adadelta", "plain", lambda p: optim.Adadelta(p))
optimizer(
    "Adadelta",
    "all options",
    lambda p: optim.Adadelta(p, lr=0.5, rho=0.8, eps=1e-3, weight_decay=0.1, maximize=True),
)
optimizer("Adagrad", "plain", lambda p: optim.Adagrad(p))
optimizer(
    "Adagrad",
    "all options",
    lambda p: optim.Adagrad(
        p,
        lr=0.1,
        lr_decay=0.05,
        weight_decay=0.1,
        initial_accumulator_value=0.3,
        eps=1e-3,
        maximize=True,
    ),
)
optimizer("Adamax", "plain", lambda p: optim.Adamax(p))
optimizer(
    "Adamax",
    "all options",
    lambda p: optim.Adamax(p, lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1, maximize=True),
)
optimizer("RAdam", "plain", lambda p: optim.RAdam(p))
optimizer(
    "RAdam",
    "all options",
    lambda p: optim.RAdam(p, lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1),
)
optimizer("RMSprop", "plain", lambda p: optim.RMSprop(p))
optimizer("RMSprop", "centred", lambda p: optim.RMSprop(p, alpha=0.9, centered=True))
optimizer("RMSprop", "momentum", lambda p: optim.RMSprop(p, lr=0.02, momentum=0.8))
optimizer(
    "RMSprop",
    "all options",
    lambda p: optim.RMSprop(
        p, lr=0.05, alpha=0.8, eps=1e-3, weight_decay=0.1, momentum=0.5, centered=True, maximize=True
    ),
)
optimizer("Rprop", "plain", lambda p: optim.Rprop(p))
optimizer(
    "Rprop",
    "all options",
    lambda p: optim.Rprop(p, lr=0.05, etas=(0.6, 1.4), step_sizes=(1e-3, 0.2), maximize=True),
)


class Composed:
    """An optimizer that is a function of parameter, gradient, state and step."""

    def __init__(self, parameters, update):
        self.parameters = parameters
        self.update = update
        self.states = [{} for _ in parameters]
        self.t = 0

    def step(self):
        self.t += 1
        with torch.no_grad():
            for p, state in zip(self.parameters, self.states):
                p.copy_(self.update(p.clone(), p.grad, state, self.t))


def means(g, state, beta1, beta2):
    state["m"] = beta1 * state.get("m", torch.zeros_like(g)) + (1 - beta1) * g
    state["v"] = beta2 * state.get("v", torch.zeros_like(g)) + (1 - beta2) * g * g
    return state["m"], state["v"]


def nadam(lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3):
    """Dozat, 2016; PyTorch has its product of momenta from version 2 on."""

    def update(p, g, state, t):
        g = g + weight_decay * p
        m, v = means(g, state, *betas)
        mu = betas[0] * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        after = betas[0] * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
        state["product"] = state.get("product", 1) * mu
        direction = after * m / (1 - state["product"] * after) + (1 - mu) * g / (1 - state["product"])
        return p - lr * direction / ((v / (1 - betas[1] ** t)).sqrt() + eps)

    return update


def lamb(lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0, maximize=False):
    """You and others, 2020, algorithm 2."""

    def update(p, g, state, t):
        m, v = means(-g if maximize else g, state, *betas)
        r = m / (1 - betas[0] ** t) / ((v / (1 - betas[1] ** t)).sqrt() + eps) + weight_decay * p
        return p - lr * p.norm() / r.norm() * r

    return update


def lion(lr=1e-4, betas=(0.9, 0.99), weight_decay=0, maximize=False):
    """Chen and others, 2023, algorithm 2."""

    def update(p, g, state, t):
        g = -g if maximize else g
        m = state.get("m", torch.zeros_like(g))
        direction = torch.sign(betas[0] * m + (1 - betas[0]) * g)
        state["m"] = betas[1] * m + (1 - betas[1]) * g
        return p - lr * (direction + weight_decay * p)

    return update


for name, rule in (("NAdam", nadam), ("LAMB", lamb), ("Lion", lion)):
    optimizer(name, "plain", lambda p: Composed(p, rule()))
    more = {"NAdam": dict(eps=1e-3, momentum_decay=0.02), "LAMB": dict(eps=1e-3, maximize=True)}
    options = dict(lr=0.05, betas=(0.8, 0.9), weight_decay=0.1)
    options.update(more.get(name, dict(maximize=True)))
    optimizer(name, "all options", lambda p: Composed(p, rule(**options)))

objective("LBFGS", "plain", lambda p: optim.LBFGS(p, lr=0.05, max_iter=2))
objective(
    "LBFGS",
    "short history",
    lambda p: optim.LBFGS(
        p, lr=0.1, max_iter=3, max_eval=2, history_size=3, tolerance_grad=1e-4, tolerance_change=1e-6
    ),
)
objective(
    "LBFGS",
    "strong Wolfe",
    lambda p: optim.LBFGS(p, max_iter=1, tolerance_grad=1e-4, line_search_fn="strong_wolfe"),
)
