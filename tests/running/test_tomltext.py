"""What is written as TOML reads back as the same."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.settings.toml_text import toml_text

words = st.text(st.characters(exclude_categories=["Cs"]))
values = words | st.integers(-(2**60), 2**60) | st.booleans() | st.lists(words)
flat = st.dictionaries(words, values, max_size=3)
with_tables = st.dictionaries(words, values | flat | st.lists(flat, min_size=1, max_size=3), max_size=4)


@given(
    st.dictionaries(words, values | with_tables | st.lists(with_tables, min_size=1, max_size=2), max_size=4)
)
def test_every_document_reads_back_as_it_was(document: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(document)) == document


def test_it_looks_as_a_person_would_write_it() -> None:
    document = {
        "staff": [{"name": "Ana Lima", "verified": True, "roles": ["coordinator"], "note": None}],
        "policy": [{"subject": "emergency", "rung": [{"who": ["schedule:clinicians"], "wait": "30s"}]}],
    }

    assert toml_text(document) == (
        '[[staff]]\nname = "Ana Lima"\nverified = true\nroles = ["coordinator"]\n'
        '\n[[policy]]\nsubject = "emergency"\n'
        '\n[[policy.rung]]\nwho = ["schedule:clinicians"]\nwait = "30s"\n'
    )


def test_what_toml_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        toml_text({"it": object()})
