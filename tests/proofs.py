"""What the suite asks in short, `make proofs` asks in full, and `make proofs-once` what the suite leaves out.

@pytest.mark.parametrize("number", [MIA, *proofs(OTHERS)])      # the others in `make proofs` and `make proofs-once`
@pytest.mark.proof                                              # the whole test
@pytest.mark.proof("postgresql", "es")                          # its cases with one of these values in their names
"""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest

_ASKED = os.environ.get("HOTLINE_PROOFS", "")
ONCE = _ASKED == "once"
"""Whether only what is marked `proof` is to be asked, as the suite asks the rest."""
PROOFS = bool(_ASKED) and not ONCE
"""Whether everything is to be asked, however long it takes."""


def proofs(cases: Iterable[object]) -> list[object]:
    """Cases of which the suite has a sister already."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.proof)
        for case in cases
    ]
