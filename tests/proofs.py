"""What the suite asks in short, `make proofs` asks in full.

@pytest.mark.parametrize("number", [MIA, *proofs(OTHERS)])      # the others only in `make proofs`
"""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest

PROOFS = bool(os.environ.get("HOTLINE_PROOFS"))
"""Whether everything is to be asked, however long it takes."""


def proofs(cases: Iterable[object]) -> list[object]:
    """Cases of which the suite has a sister already."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.proof)
        for case in cases
    ]
