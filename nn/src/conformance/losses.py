"""Losses: value and gradient, of predictions and, where PyTorch has it, of targets."""

import torch
import torch.nn.functional as F

from fixtures import Range, reductions

LABELS = torch.tensor([0, 3, 1, 1, 2])
IGNORED = torch.tensor([0, -100, 1, -100, 2])
UNIT = Range(4, 3, low=0.125, high=0.875)
SIGNS = torch.tensor([1.0, -1.0, -1.0, 1.0, 1.0, -1.0]).repeat(2).reshape(4, 3)
PAIR = dict(x=(4, 3), y=(4, 3))
SCORES = dict(x=(5, 4), y=LABELS)
WEIGHTS = Range(4, low=0.25, high=2)

reductions("MSELoss", "", lambda i, r: F.mse_loss(i["x"], i["y"], reduction=r), "mse", **PAIR)
reductions("L1Loss", "", lambda i, r: F.l1_loss(i["x"], i["y"], reduction=r), "l1", **PAIR)
reductions("HuberLoss", "", lambda i, r: F.huber_loss(i["x"], i["y"], reduction=r), "huber", **PAIR)
reductions(
    "HuberLoss", "delta", lambda i, r: F.huber_loss(i["x"], i["y"], reduction=r, delta=0.3), **PAIR
)
reductions(
    "SmoothL1Loss", "", lambda i, r: F.smooth_l1_loss(i["x"], i["y"], reduction=r), "smoothL1", **PAIR
)
reductions(
    "SmoothL1Loss",
    "beta",
    lambda i, r: F.smooth_l1_loss(i["x"], i["y"], reduction=r, beta=0.3),
    **PAIR,
)


def cross_entropy(i, r, **options):
    y = i["y"] if "y" in i else i["fixed_y"]
    y = y if y.is_floating_point() else y.long()
    return F.cross_entropy(i["x"], y, i.get("fixed_weight"), reduction=r, **options)


reductions("CrossEntropyLoss", "", cross_entropy, "crossEntropy", **SCORES)
reductions("CrossEntropyLoss", "weight", cross_entropy, **SCORES, fixed_weight=WEIGHTS)
reductions("CrossEntropyLoss", "ignored rows", cross_entropy, x=(5, 4), y=IGNORED)
reductions(
    "CrossEntropyLoss",
    "ignore index",
    lambda i, r: cross_entropy(i, r, ignore_index=1),
    **SCORES,
    fixed_weight=WEIGHTS,
)
reductions(
    "CrossEntropyLoss",
    "label smoothing",
    lambda i, r: cross_entropy(i, r, label_smoothing=0.1),
    **SCORES,
)
reductions(
    "CrossEntropyLoss",
    "all of these",
    lambda i, r: cross_entropy(i, r, label_smoothing=0.3, ignore_index=1),
    **SCORES,
    fixed_weight=WEIGHTS,
)
reductions("CrossEntropyLoss", "probabilities", cross_entropy, x=(4, 3), fixed_y=UNIT)
reductions(
    "CrossEntropyLoss",
    "probabilities, weight, label smoothing",
    lambda i, r: cross_entropy(i, r, label_smoothing=0.2),
    x=(4, 3),
    fixed_y=UNIT,
    fixed_weight=Range(3, low=0.25, high=2),
)
PIXELS = torch.tensor([[[0, 2], [1, 1]], [[2, -100], [0, 1]]])
reductions("CrossEntropyLoss", "images", cross_entropy, x=(2, 3, 2, 2), y=PIXELS)

EXTREMES = torch.tensor([[1e4, -1e4, 3.5], [-1e4, 1e4, 2.25], [710.25, -745.25, 88.5]])
reductions("CrossEntropyLoss", "extremes", cross_entropy, x=EXTREMES, y=torch.tensor([0, 0, 1]))
reductions(
    "CrossEntropyLoss", "every row ignored", cross_entropy, x=(3, 4), y=torch.tensor([-100] * 3)
)


def nll(i, r, **options):
    return F.nll_loss(i["x"], i["y"].long(), i.get("fixed_weight"), reduction=r, **options)


reductions("NLLLoss", "", nll, "nll", **SCORES)
reductions("NLLLoss", "weight", nll, **SCORES, fixed_weight=WEIGHTS)
reductions("NLLLoss", "ignore index", lambda i, r: nll(i, r, ignore_index=2), **SCORES)
reductions("NLLLoss", "images", nll, x=(2, 3, 2, 2), y=PIXELS)


def bce(i, r):
    return F.binary_cross_entropy(i["x"], i["fixed_y"], i.get("fixed_weight"), reduction=r)


reductions("BCELoss", "", bce, "bce", x=UNIT, fixed_y=UNIT)
reductions("BCELoss", "weight", bce, x=UNIT, fixed_y=UNIT, fixed_weight=Range(3, low=0, high=2))


def bce_with_logits(i, r):
    return F.binary_cross_entropy_with_logits(
        i["x"], i["fixed_y"], i.get("fixed_weight"), reduction=r, pos_weight=i.get("fixed_pos")
    )


LOGITS = dict(x=(4, 3), fixed_y=UNIT)
reductions("BCEWithLogitsLoss", "", bce_with_logits, "bceWithLogits", **LOGITS)
reductions(
    "BCEWithLogitsLoss",
    "weight",
    bce_with_logits,
    **LOGITS,
    fixed_weight=Range(4, 1, low=0, high=2),
)
reductions(
    "BCEWithLogitsLoss",
    "positive weight",
    bce_with_logits,
    **LOGITS,
    fixed_pos=Range(3, low=0.25, high=3),
)

reductions("BCEWithLogitsLoss", "extremes", bce_with_logits, x=EXTREMES, fixed_y=Range(3, 3, low=0, high=1))

KINDS = ("none", "mean", "sum", "batchmean")
reductions(
    "KLDivLoss",
    "",
    lambda i, r: F.kl_div(i["x"], i["fixed_y"], reduction=r),
    "klDiv",
    KINDS,
    x=(4, 3),
    fixed_y=UNIT,
)
reductions(
    "KLDivLoss",
    "log target",
    lambda i, r: F.kl_div(i["x"], i["y"], reduction=r, log_target=True),
    kinds=KINDS,
    **PAIR,
)


def reduced(value, r):
    return value if r == "none" else getattr(value, r)()


# PyTorch has other losses under these names; these are composed of its primitives.
reductions(
    "HingeLoss",
    "",
    lambda i, r: reduced(torch.relu(1 - i["fixed_y"] * i["x"]), r),
    "hinge",
    x=(4, 3),
    fixed_y=SIGNS,
)
reductions(
    "SquaredHingeLoss",
    "",
    lambda i, r: reduced(torch.relu(1 - i["fixed_y"] * i["x"]).square(), r),
    "squaredHinge",
    x=(4, 3),
    fixed_y=SIGNS,
)


def multi_margin(i, r, **options):
    return F.multi_margin_loss(
        i["x"], i["y"].long(), weight=i.get("fixed_weight"), reduction=r, **options
    )


reductions("MultiMarginLoss", "", multi_margin, "multiMargin", **SCORES)
reductions("MultiMarginLoss", "power", lambda i, r: multi_margin(i, r, p=2), **SCORES)
reductions(
    "MultiMarginLoss",
    "margin, weight",
    lambda i, r: multi_margin(i, r, p=2, margin=0.6),
    **SCORES,
    fixed_weight=WEIGHTS,
)

reductions(
    "PoissonNLLLoss",
    "",
    lambda i, r: F.poisson_nll_loss(i["x"], i["fixed_y"], reduction=r),
    "poissonNll",
    x=(4, 3),
    fixed_y=Range(4, 3, low=0, high=6),
)
reductions(
    "PoissonNLLLoss",
    "full",
    lambda i, r: F.poisson_nll_loss(i["x"], i["fixed_y"], full=True, reduction=r),
    x=(4, 3),
    fixed_y=Range(4, 3, low=0, high=6),
)
reductions(
    "PoissonNLLLoss",
    "means",
    lambda i, r: F.poisson_nll_loss(
        i["x"], i["fixed_y"], log_input=False, full=True, eps=1e-3, reduction=r
    ),
    x=Range(4, 3, low=0.25, high=4),
    fixed_y=Range(4, 3, low=0, high=6),
)

GAUSSIAN = dict(PAIR, v=Range(4, 3, low=0.25, high=3))
reductions(
    "GaussianNLLLoss",
    "",
    lambda i, r: F.gaussian_nll_loss(i["x"], i["y"], i["v"], reduction=r),
    **GAUSSIAN,
)
reductions(
    "GaussianNLLLoss",
    "full",
    lambda i, r: F.gaussian_nll_loss(i["x"], i["y"], i["v"], full=True, eps=1e-3, reduction=r),
    **PAIR,
    v=Range(4, 1, low=0.25, high=3),
)

COSINE = dict(a=(4, 3), b=(4, 3), y=torch.tensor([1, -1, 1, -1]))
reductions(
    "CosineEmbeddingLoss",
    "",
    lambda i, r: F.cosine_embedding_loss(i["a"], i["b"], i["y"], reduction=r),
    **COSINE,
)
reductions(
    "CosineEmbeddingLoss",
    "margin",
    lambda i, r: F.cosine_embedding_loss(i["a"], i["b"], i["y"], margin=-0.4, reduction=r),
    **COSINE,
)

TRIPLET = dict(a=(4, 3), p=(4, 3), n=(4, 3))
reductions(
    "TripletMarginLoss",
    "",
    lambda i, r: F.triplet_margin_loss(i["a"], i["p"], i["n"], reduction=r),
    **TRIPLET,
)
reductions(
    "TripletMarginLoss",
    "all options",
    lambda i, r: F.triplet_margin_loss(
        i["a"], i["p"], i["n"], margin=2.5, p=3, eps=1e-3, swap=True, reduction=r
    ),
    **TRIPLET,
)


def ctc(i, r, **options):
    x = i["x"].log_softmax(2)
    lengths = i["times"].long(), i["lengths"].long()
    return F.ctc_loss(x, i["y"].long(), *lengths, reduction=r, **options)


SEQUENCES = dict(
    x=(6, 3, 4),
    y=torch.tensor([[1, 2, 2], [3, 1, 1], [2, 1, 3]]),
    times=torch.tensor([6, 5, 4]),
    lengths=torch.tensor([3, 1, 2]),
)
reductions("CTCLoss", "", ctc, **SEQUENCES)
reductions(
    "CTCLoss", "joined", ctc, **dict(SEQUENCES, y=torch.tensor([1, 2, 2, 3, 2, 1]))
)
reductions(
    "CTCLoss",
    "blank, impossible",
    lambda i, r: ctc(i, r, blank=3, zero_infinity=True),
    **dict(
        SEQUENCES,
        y=torch.tensor([[1, 2, 2], [0, 1, 1], [2, 2, 2]]),
        lengths=torch.tensor([3, 2, 3]),
    ),
)
reductions("CTCLoss", "no labels", ctc, **dict(SEQUENCES, lengths=torch.tensor([0, 1, 0])))
