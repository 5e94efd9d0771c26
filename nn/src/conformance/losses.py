"""Losses: value and gradient, of predictions and, where PyTorch has it, of targets."""

import torch
import torch.nn.functional as F

from fixtures import Given, loss


def given(subject, case, name, *shape, **range_):
    return Given(f"{subject}/{case}").draw(f"in/{name}", *shape, **range_)


UNIT = dict(low=0.0, high=1.0)

loss("mse", "mean", lambda i: F.mse_loss(i["x"], i["y"]), x=(4, 3), y=(4, 3))
loss(
    "crossEntropy",
    "mean",
    lambda i: F.cross_entropy(i["x"], i["y"].long()),
    x=(5, 4),
    y=torch.tensor([0, 3, 1, 1, 2]),
)
loss(
    "bce",
    "mean",
    lambda i: F.binary_cross_entropy(i["x"], i["fixed_y"]),
    x=given("bce", "mean", "x", 4, 3, **UNIT),
    fixed_y=given("bce", "mean", "y", 4, 3, **UNIT),
)
loss(
    "bceWithLogits",
    "mean",
    lambda i: F.binary_cross_entropy_with_logits(i["x"], i["fixed_y"]),
    x=(4, 3),
    fixed_y=given("bceWithLogits", "mean", "y", 4, 3, **UNIT),
)
# What PyTorch has under this name is another loss; this one is composed of its primitives.
loss(
    "hinge",
    "mean",
    lambda i: torch.relu(1 - i["fixed_y"] * i["x"]).mean(),
    x=(4, 3),
    fixed_y=torch.tensor([1.0, -1.0]).repeat(6).reshape(4, 3),
)
