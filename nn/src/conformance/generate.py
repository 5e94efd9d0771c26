"""Writes what PyTorch computes to src/main/resources/chainrule/conformance, in F64.

Run by hand after a case is added, with PyTorch at hand (Debian: python3-torch):

    python3 nn/src/conformance/generate.py            all fixtures
    python3 nn/src/conformance/generate.py Conv2d     those of one class

Each run writes the same bytes. The build and the tests read the files and need no Python.
"""

import sys

import layers  # noqa: F401  (each module registers its cases)
import losses  # noqa: F401
import optimizers  # noqa: F401
import schedules  # noqa: F401
import sequences  # noqa: F401
from fixtures import write_all

write_all(sys.argv[1:])
