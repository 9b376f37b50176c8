from __future__ import annotations

import asyncio

import pytest

from tests.web.api.fuzz import fuzz

pytestmark = pytest.mark.slow

CASES = 200
"""`make api-fuzz` makes ten times as many."""


def test_whatever_is_asked_the_answer_is_as_the_document_says_and_never_an_error_of_ours() -> None:
    outcome = asyncio.run(fuzz(CASES))
    assert outcome.failures == []
    assert outcome.server_errors == 0
    assert outcome.cases >= CASES
    assert {"200", "201", "204", "400", "404", "422"} <= outcome.statuses.keys()
