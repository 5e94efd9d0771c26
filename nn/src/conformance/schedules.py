"""Schedules of the learning rate."""

import math

from torch.optim import lr_scheduler as s
from torch.optim.swa_utils import SWALR

from fixtures import schedule

schedule("ConstantLR", "plain", lambda o: s.ConstantLR(o))
schedule("ConstantLR", "options", lambda o: s.ConstantLR(o, factor=0.5, total_iters=20))
schedule("LinearLR", "plain", lambda o: s.LinearLR(o))
schedule(
    "LinearLR", "options", lambda o: s.LinearLR(o, start_factor=0.1, end_factor=0.8, total_iters=30)
)
schedule("StepLR", "plain", lambda o: s.StepLR(o, 15))
schedule("StepLR", "options", lambda o: s.StepLR(o, 4, gamma=0.7))
schedule("MultiStepLR", "plain", lambda o: s.MultiStepLR(o, [10, 30]))
schedule("MultiStepLR", "options", lambda o: s.MultiStepLR(o, [1, 7, 7, 40], gamma=0.6))
schedule("ExponentialLR", "plain", lambda o: s.ExponentialLR(o, 0.9))
schedule("PolynomialLR", "plain", lambda o: s.PolynomialLR(o))
schedule("PolynomialLR", "options", lambda o: s.PolynomialLR(o, total_iters=40, power=2.0))
schedule("CosineAnnealingLR", "plain", lambda o: s.CosineAnnealingLR(o, 50))
schedule("CosineAnnealingLR", "options", lambda o: s.CosineAnnealingLR(o, 13, eta_min=0.02))
schedule("CosineAnnealingWarmRestarts", "plain", lambda o: s.CosineAnnealingWarmRestarts(o, 12))
schedule(
    "CosineAnnealingWarmRestarts",
    "options",
    lambda o: s.CosineAnnealingWarmRestarts(o, 5, T_mult=2, eta_min=0.01),
)
schedule("OneCycleLR", "plain", lambda o: s.OneCycleLR(o, 0.5, total_steps=51))
schedule(
    "OneCycleLR",
    "three phases, linear",
    lambda o: s.OneCycleLR(
        o,
        0.4,
        total_steps=60,
        pct_start=0.4,
        anneal_strategy="linear",
        base_momentum=0.7,
        max_momentum=0.9,
        div_factor=10,
        final_div_factor=100,
        three_phase=True,
    ),
)
schedule(
    "OneCycleLR",
    "the momentum stays",
    lambda o: s.OneCycleLR(o, 0.4, total_steps=52, cycle_momentum=False),
)
schedule("CyclicLR", "plain", lambda o: s.CyclicLR(o, 0.01, 0.2, step_size_up=8))
schedule(
    "CyclicLR",
    "half as high",
    lambda o: s.CyclicLR(
        o,
        0.01,
        0.2,
        step_size_up=5,
        step_size_down=3,
        mode="triangular2",
        base_momentum=0.7,
        max_momentum=0.95,
    ),
)
schedule(
    "CyclicLR",
    "exponential",
    lambda o: s.CyclicLR(
        o, 0.02, 0.3, step_size_up=6, mode="exp_range", gamma=0.95, cycle_momentum=False
    ),
)
schedule("LambdaLR", "plain", lambda o: s.LambdaLR(o, lambda t: 1 / (1 + t)))
schedule("SWALR", "plain", lambda o: SWALR(o, 0.02))
schedule(
    "SWALR", "linear", lambda o: SWALR(o, 0.5, anneal_epochs=20, anneal_strategy="linear")
)
schedule(
    "SequentialLR",
    "warm-up, cosine",
    lambda o: s.SequentialLR(
        o, [s.LinearLR(o, 0.1, 1.0, 10), s.CosineAnnealingLR(o, 40)], [10]
    ),
)
schedule(
    "SequentialLR",
    "three",
    lambda o: s.SequentialLR(
        o, [s.ConstantLR(o, 0.1, 5), s.ExponentialLR(o, 0.9), s.StepLR(o, 6, 0.5)], [5, 25]
    ),
)
schedule(
    "ChainedScheduler",
    "two",
    lambda o: s.ChainedScheduler([s.ConstantLR(o, 0.1, 7), s.ExponentialLR(o, 0.95)]),
)
# Falls, rests, rises a little, falls again.
METRIC = [2 / (1 + 0.3 * min(t, 12)) + (0.01 * math.sin(t) if t > 12 else 0) for t in range(30)]
METRIC += [0.3 - 0.004 * t for t in range(20)]
schedule(
    "ReduceLROnPlateau",
    "plain",
    lambda o: s.ReduceLROnPlateau(o),
    metric=METRIC,
)
schedule(
    "ReduceLROnPlateau",
    "options",
    lambda o: s.ReduceLROnPlateau(
        o,
        mode="max",
        factor=0.6,
        patience=2,
        threshold=0.02,
        threshold_mode="abs",
        cooldown=3,
        min_lr=0.01,
        eps=1e-3,
    ),
    metric=[-m for m in METRIC],
)
