"""Recurrent networks, attention, transformers, positions."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from fixtures import layer

NETWORKS = {"RNN": (nn.RNN, 1), "GRU": (nn.GRU, 1), "LSTM": (nn.LSTM, 2)}


def flat(result):
    """The output, and the states after the last step."""
    output, states = result
    return (output, *states) if isinstance(states, tuple) else (output, states)


def run(m, i):
    """From the states that are given, zeros where none are; packed where lengths are given."""
    states = tuple(i[name] for name in ("h", "c") if name in i)
    states = None if not states else states if len(states) > 1 else states[0]
    if "lengths" not in i:
        return flat(m(i["x"], states))
    total = i["x"].size(1 if m.batch_first else 0)
    packed = pack_padded_sequence(i["x"], i["lengths"].long(), m.batch_first, enforce_sorted=False)
    output, *rest = flat(m(packed, states))
    return (pad_packed_sequence(output, m.batch_first, total_length=total)[0], *rest)


LENGTHS = torch.tensor([4, 1, 3])
for name, (network, states) in NETWORKS.items():
    begin = {key: (4, 3, 2) for key in ("h", "c")[:states]}
    layer(name, "plain", network(3, 2), run, x=(4, 2, 3))
    layer(name, "no bias, batch first", network(2, 3, bias=False, batch_first=True), run, x=(2, 4, 2))
    layer(name, "one sequence", network(2, 2), run, x=(3, 2))
    layer(
        name,
        "two layers, both directions, states",
        network(3, 2, num_layers=2, bidirectional=True),
        run,
        x=(4, 3, 3),
        **begin,
    )
    layer(
        name,
        "lengths",
        network(3, 2, num_layers=2, bidirectional=True),
        run,
        x=(4, 3, 3),
        lengths=LENGTHS,
        **begin,
    )
    layer(
        name,
        "lengths, batch first",
        network(2, 2, batch_first=True),
        run,
        x=(3, 4, 2),
        lengths=LENGTHS,
    )
    layer(name, "everything dropped", network(2, 2, num_layers=2, dropout=1.0), run, x=(3, 2, 2))
layer("RNN", "relu", nn.RNN(3, 2, nonlinearity="relu"), run, x=(4, 2, 3))


def step(m, i):
    return m(i["x"], (i["h"], i["c"]) if "c" in i else i["h"])


for name, cell in (("RNNCell", nn.RNNCell), ("GRUCell", nn.GRUCell), ("LSTMCell", nn.LSTMCell)):
    more = {"c": (4, 2)} if name == "LSTMCell" else {}
    layer(name, "plain", cell(3, 2), step, x=(4, 3), h=(4, 2), **more)
    more = {"c": (3,)} if name == "LSTMCell" else {}
    layer(name, "no bias, one row", cell(2, 3, bias=False), step, x=(2,), h=(3,), **more)
layer("RNNCell", "relu, states", nn.RNNCell(3, 2, nonlinearity="relu"), step, x=(2, 3), h=(2, 2))


def future(size):
    """What position i must not see."""
    return torch.ones(size, size).triu(1).bool()


def attend(m, i):
    """Self-attention of x, or of queries q to keys k and values v; 1 in `keys` where there is a key."""
    q, k, v = (i["x"],) * 3 if "x" in i else (i["q"], i["k"], i["v"])
    hidden = i["keys"] == 0 if "keys" in i else None
    scores = i.get("fixed_scores")
    if getattr(m, "causal", False):
        scores = future(q.size(1 if m.batch_first else 0))
    return m(q, k, v, key_padding_mask=hidden, attn_mask=scores, need_weights=False)[0]


def causal(m):
    m.causal = True
    return m


KEYS = torch.tensor([[1, 1, 0], [1, 0, 1]])
SCORES = torch.tensor([[0.5, -math.inf, 0.25], [-math.inf, 1.5, -0.75], [0, 0.125, -math.inf]])
layer("MultiHeadAttention", "plain", nn.MultiheadAttention(4, 2), attend, x=(3, 2, 4))
layer(
    "MultiHeadAttention",
    "no bias, batch first",
    nn.MultiheadAttention(6, 3, bias=False, batch_first=True),
    attend,
    x=(2, 3, 6),
)
layer(
    "MultiHeadAttention",
    "cross, widths",
    nn.MultiheadAttention(4, 2, kdim=3, vdim=5),
    attend,
    q=(2, 2, 4),
    k=(3, 2, 3),
    v=(3, 2, 5),
)
layer(
    "MultiHeadAttention",
    "hidden keys",
    nn.MultiheadAttention(4, 2),
    attend,
    x=(3, 2, 4),
    keys=KEYS,
)
layer(
    "MultiHeadAttention",
    "scores",
    nn.MultiheadAttention(4, 1),
    attend,
    x=(3, 2, 4),
    fixed_scores=SCORES,
)
layer("MultiHeadAttention", "causal", causal(nn.MultiheadAttention(4, 2)), attend, x=(3, 2, 4))
layer(
    "MultiHeadAttention",
    "everything dropped",
    nn.MultiheadAttention(4, 2, dropout=1.0),
    attend,
    x=(2, 2, 4),
)


def encode(m, i):
    hidden = i["keys"] == 0 if "keys" in i else None
    time = i["x"].size(1 if m.self_attn.batch_first else 0)
    mask = future(time) if getattr(m, "causal", False) else None
    return m(i["x"], src_mask=mask, src_key_padding_mask=hidden)


def decode(m, i):
    time = i["x"].size(1 if m.self_attn.batch_first else 0)
    mask = future(time) if getattr(m, "causal", False) else None
    hidden = i["keys"] == 0 if "keys" in i else None
    return m(i["x"], i["memory"], tgt_mask=mask, memory_key_padding_mask=hidden)


def encoder(*sizes, **options):
    return nn.TransformerEncoderLayer(*sizes, **{"dropout": 0, **options})


def decoder(*sizes, **options):
    return nn.TransformerDecoderLayer(*sizes, **{"dropout": 0, **options})


layer("TransformerBlock", "post-norm", encoder(4, 2, 6), encode, x=(3, 2, 4))
layer(
    "TransformerBlock",
    "pre-norm, gelu",
    encoder(6, 3, 5, activation="gelu", layer_norm_eps=1e-2, norm_first=True, batch_first=True),
    encode,
    x=(2, 3, 6),
)
layer("TransformerBlock", "causal", causal(encoder(4, 2, 6)), encode, x=(3, 2, 4))
layer("TransformerBlock", "hidden keys", encoder(4, 2, 6), encode, x=(3, 2, 4), keys=KEYS)
layer(
    "TransformerBlock",
    "everything dropped",
    encoder(4, 2, 6, dropout=1.0),
    encode,
    x=(2, 2, 4),
)
layer(
    "TransformerBlock",
    "cross, post-norm, causal",
    causal(decoder(4, 2, 6, activation="gelu")),
    decode,
    x=(3, 2, 4),
    memory=(2, 2, 4),
)
layer(
    "TransformerBlock",
    "cross, pre-norm, hidden keys",
    decoder(4, 2, 6, norm_first=True, batch_first=True, activation="gelu"),
    decode,
    x=(2, 2, 4),
    memory=(2, 3, 4),
    keys=KEYS,
)


class Positions(nn.Module):
    def __init__(self, length, width, batch_first=False):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(length, width))
        self.batch_first = batch_first

    def forward(self, x):
        steps = x.size(1 if self.batch_first else 0)
        rows = self.weight[:steps]
        return x + (rows if self.batch_first else rows.unsqueeze(1))


layer("LearnedPositions", "plain", Positions(5, 3), x=(4, 2, 3))
layer("LearnedPositions", "batch first", Positions(4, 2, batch_first=True), x=(2, 4, 2))


class Waves(nn.Module):
    """Vaswani and others, 2017, section 3.5."""

    def __init__(self, batch_first=False):
        super().__init__()
        self.batch_first = batch_first

    def forward(self, x):
        steps, width = x.size(1 if self.batch_first else 0), x.size(-1)
        table = torch.zeros(steps, width)
        for t in range(steps):
            for i in range(width):
                angle = t / 10000 ** (2 * (i // 2) / width)
                table[t, i] = math.sin(angle) if i % 2 == 0 else math.cos(angle)
        return x + (table if self.batch_first else table.unsqueeze(1))


layer("SinusoidalPositions", "plain", Waves(), x=(5, 2, 4))
layer("SinusoidalPositions", "batch first, odd", Waves(batch_first=True), x=(2, 3, 5))


class Of(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, x):
        return self.f(x)


layer("Mean", "steps", Of(lambda x: x.mean(0)), x=(3, 2, 2))
layer("Mean", "last", Of(lambda x: x.mean(-1)), x=(2, 3))
layer("Select", "last step", Of(lambda x: x[-1]), x=(3, 2, 2))
layer("Select", "of dimension 1", Of(lambda x: x[:, 1]), x=(2, 3, 2))
