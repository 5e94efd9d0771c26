"""Given numbers, and the files that hold what PyTorch made of them.

Every number that is given is an odd multiple of 1/128 (or of a smaller power of 2): exact in F32 and
F64, away from the kinks at whole numbers, and no two alike within a tensor. They follow from the
names of file, case and tensor alone, so that a case never changes another.
"""

import json
import pathlib
import random
import struct

import torch

FOLDER = pathlib.Path(__file__).parents[1] / "main/resources/chainrule/conformance"

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


class Fixture:
    """The tensors of all cases of one class, written to KIND/SUBJECT.safetensors."""

    def __init__(self, kind, subject):
        self.kind = kind
        self.subject = subject
        self.tensors = {}

    def put(self, case, name, tensor):
        key = f"{case}/{name}"
        assert key not in self.tensors, f"{self.subject}: {key} is there twice"
        self.tensors[key] = tensor.detach().clone()

    def write(self):
        """Writes F64 before I32, each by name, as the library's own writer does."""
        order = sorted(self.tensors, key=lambda key: (not self.tensors[key].is_floating_point(), key))
        header, parts, offset = {}, [], 0
        for key in order:
            tensor = self.tensors[key]
            floating = tensor.is_floating_point()
            values = tensor.contiguous().reshape(-1).tolist()
            data = struct.pack(f"<{len(values)}{'d' if floating else 'i'}", *values)
            header[key] = {
                "dtype": "F64" if floating else "I32",
                "shape": list(tensor.shape),
                "data_offsets": [offset, offset + len(data)],
            }
            parts.append(data)
            offset += len(data)
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        path = FOLDER / self.kind / f"{self.subject}.safetensors"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
        return path


class Given:
    """The numbers that a case is given, by name."""

    def __init__(self, place):
        self.place = place

    def draw(self, name, *shape, low=-2.0, high=2.0):
        """Distinct odd multiples of a power of 2 in (low, high)."""
        count = 1
        for size in shape:
            count *= size
        step = 1 / 128
        while (high - low) / (2 * step) < 2 * count:
            step /= 2
        first, last = int(low / step), int(high / step)
        odd = range(first + (first + 1) % 2, last, 2)
        values = random.Random(f"{self.place}/{name}").sample(odd, count)
        return torch.tensor([v * step for v in values]).reshape(shape)

    def labels(self, name, *shape, classes):
        """Whole numbers from 0 below classes."""
        count = 1
        for size in shape:
            count *= size
        source = random.Random(f"{self.place}/{name}")
        return torch.tensor([source.randrange(classes) for _ in range(count)]).reshape(shape)


_FIXTURES = {}


def fixture(kind, subject):
    """The fixture of a class, the same one at every call."""
    return _FIXTURES.setdefault((kind, subject), Fixture(kind, subject))


def write_all(names):
    """Writes the fixtures whose subject is named, all when none is."""
    total = 0
    for (kind, subject), one in sorted(_FIXTURES.items()):
        if names and subject not in names:
            continue
        size = one.write().stat().st_size
        total += size
        print(f"{size:8d}  {kind}/{subject}")
    print(f"{total:8d}  bytes")


def function(fix, case, inputs, call, parameters=(), eval_call=None, given=None):
    """A case that maps inputs to outputs: a layer or a loss.

    inputs by name; those of floating point receive gradients, except where the name starts with `fixed_`.
    """
    given = given or Given(f"{fix.subject}/{case}")
    leaves = {}
    for name, value in inputs.items():
        fix.put(case, f"in/{name}", value)
        leaf = value.detach().clone()
        if leaf.is_floating_point() and not name.startswith("fixed_"):
            leaf.requires_grad_()
        leaves[name] = leaf
    out = call(leaves)
    outputs = out if isinstance(out, (tuple, list)) else (out,)
    total = 0
    for i, y in enumerate(outputs):
        g = given.draw(f"g/{i}", *y.shape)
        fix.put(case, f"out/{i}", y)
        fix.put(case, f"g/{i}", g)
        total = total + (g * y).sum()
    if total.requires_grad:
        total.backward()
    for name, leaf in leaves.items():
        if leaf.requires_grad:
            fix.put(case, f"grad/in/{name}", _gradient(leaf))
    for name, p in parameters:
        if p.requires_grad:
            fix.put(case, f"grad/param/{name}", _gradient(p))


class Range:
    """A shape whose numbers are drawn between limits."""

    def __init__(self, *shape, low, high):
        self.shape, self.low, self.high = shape, low, high


def _inputs(given, inputs):
    """Tensors as they are, shapes and ranges drawn; each next one that is drawn is 3/1024 aside, so
    that no difference of two is a whole number, at which losses have kinks."""
    tensors, aside = {}, 0
    for name, value in inputs.items():
        if not torch.is_tensor(value):
            limits = dict(low=value.low, high=value.high) if isinstance(value, Range) else {}
            shape = value.shape if isinstance(value, Range) else value
            value = given.draw(f"in/{name}", *shape, **limits) + aside
            aside += 3 / 1024
        tensors[name] = value
    return tensors


def _gradient(leaf):
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


def layer(subject, case, module, call=None, rename=lambda name: name, **inputs):
    """A case of a layer: parameters and buffers are given, then training, backward and evaluation.

    inputs: a tensor by name, or a shape whose numbers are drawn. call(module, inputs) → output(s), by
    default module(x). rename maps PyTorch's names of parameters and buffers to this library's.
    """
    fix = fixture("layers", subject)
    given = Given(f"{subject}/{case}")
    call = call or (lambda m, i: m(i["x"]))
    named = [(rename(n), p) for n, p in module.named_parameters()]
    buffers = [
        (rename(n), b) for n, b in module.named_buffers() if not n.endswith("num_batches_tracked")
    ]
    with torch.no_grad():
        for name, p in named:
            p.copy_(given.draw(f"param/{name}", *p.shape, low=-1, high=1))
            fix.put(case, f"param/{name}", p)
        for name, b in buffers:
            low, high = (0.5, 1.5) if name.endswith("var") else (-1, 1)
            b.copy_(given.draw(f"buffer/{name}", *b.shape, low=low, high=high))
            fix.put(case, f"buffer/{name}", b)
    tensors = _inputs(given, inputs)
    module.train()
    function(fix, case, tensors, lambda i: call(module, i), named, given=given)
    for name, b in buffers:
        fix.put(case, f"after/{name}", b)
    module.eval()
    with torch.no_grad():
        out = call(module, tensors)
    for i, y in enumerate(out if isinstance(out, (tuple, list)) else (out,)):
        fix.put(case, f"eval/{i}", y)


def loss(subject, case, call, **inputs):
    """A case of a loss: call(inputs) → value. inputs as those of a layer, or a Range."""
    given = Given(f"{subject}/{case}")
    tensors = _inputs(given, inputs)
    function(fixture("losses", subject), case, tensors, call, given=given)


def reductions(subject, name, call, method=None, kinds=("none", "mean", "sum"), **inputs):
    """A case of a loss for each reduction: call(inputs, reduction) → value.

    method: the function of `Losses` that has the same options and the mean.
    """
    for kind in kinds:
        case = f"{name}, {kind}" if name else kind
        loss(subject, case, lambda i: call(i, kind), **inputs)
    if method:
        loss(method, "mean", lambda i: call(i, "mean"), **inputs)


STEPS = 30
SHAPES = {"0": (2, 2), "1": (3,)}


def optimizer(subject, case, build):
    """A case of an optimizer: 30 given gradients, and the parameters after each step.

    build(parameters) → an object with step(), such as PyTorch's optimizers.
    """
    gradients = {
        name: Given(f"{subject}/{case}").draw(f"g/{name}", STEPS, *s) for name, s in SHAPES.items()
    }
    for name, g in gradients.items():
        fixture("optimizers", subject).put(case, f"g/{name}", g)

    def step(rule, parameters, t):
        for name, p in parameters.items():
            p.grad = gradients[name][t].clone()
        rule.step()

    _steps(subject, case, build, step)


def objective(subject, case, build):
    """A case of an optimizer that evaluates: 30 steps on one function of all parameters.

    With x all elements in order, i from 0: Σ (1 + 0.3 i)(xᵢ − 0.1 i)² + 0.1 Σ xᵢ⁴ + 0.5 (Σ xᵢ)².
    """

    def step(rule, parameters, t):
        def closure():
            rule.zero_grad()
            x = torch.cat([p.reshape(-1) for p in parameters.values()])
            i = torch.arange(x.numel(), dtype=torch.float64)
            value = ((1 + 0.3 * i) * (x - 0.1 * i) ** 2).sum()
            value = value + 0.1 * (x**4).sum() + 0.5 * x.sum() ** 2
            value.backward()
            return value

        rule.step(closure)

    _steps(subject, case, build, step)


def _steps(subject, case, build, step):
    fix = fixture("optimizers", subject)
    given = Given(f"{subject}/{case}")
    parameters = {
        name: given.draw(f"p/{name}", *shape).requires_grad_() for name, shape in SHAPES.items()
    }
    for name, p in parameters.items():
        fix.put(case, f"p/{name}", p)
    after = {name: [] for name in SHAPES}
    rule = build(list(parameters.values()))
    for t in range(STEPS):
        step(rule, parameters, t)
        for name, p in parameters.items():
            after[name].append(p.detach().clone())
    for name in SHAPES:
        fix.put(case, f"after/{name}", torch.stack(after[name]))


RATES = 50


def schedule(subject, case, build, metric=None):
    """A case of a schedule: learning rate and momentum at 50 times.

    build(optimizer) → scheduler of PyTorch. metric: the 50 numbers that a plateau is looked for in.
    """
    fix = fixture("schedules", subject)
    rule = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    scheduler = build(rule)
    rates, momenta = [], []
    for t in range(RATES):
        rates.append(rule.param_groups[0]["lr"])
        momenta.append(rule.param_groups[0]["momentum"])
        rule.step()
        if metric is None:
            scheduler.step()
        else:
            scheduler.step(metric[t])
    fix.put(case, "out/lr", torch.tensor(rates))
    fix.put(case, "out/momentum", torch.tensor(momenta))
    if metric is not None:
        fix.put(case, "in/metric", torch.tensor(metric))
