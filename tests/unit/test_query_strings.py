"""Query strings come apart as Python's own library takes them apart, the quick way and the other."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.web.api import reading
from geomatch.web.api.questions import NearestQuestion
from geomatch.web.problems import Problem


@given(text=st.text(alphabet="ab1.,-_~ &=;%+2F中é", max_size=40))
def test_pairs_are_those_of_the_library(text):
    """Blanks, repeated and nameless parameters, escapes and plus signs: the same names and values in the same order."""
    assert reading.pairs_of(text) == parse_qsl(text, keep_blank_values=True)


@pytest.mark.parametrize("filler", ["x=1", "x=%31", ""])
def test_too_many_parameters_are_refused_however_written(filler):
    """More than 2000 parameters are one fault, and 2000 are read."""
    with pytest.raises(Problem, match="more than 2000 parameters"):
        reading.query(NearestQuestion, frozenset(), "&".join([filler] * (reading.MAX_PARAMETERS + 1)))
    assert len(reading.pairs_of("&".join(["x=1"] * reading.MAX_PARAMETERS))) == reading.MAX_PARAMETERS
