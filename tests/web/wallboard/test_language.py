from __future__ import annotations

import pytest

from router.web.wallboard.language import Language, language_of


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "fr"),
        ("fr", "fr"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("de,en;q=0.7,fr;q=0.3", "en"),
        ("de", "fr"),
        ("*", "fr"),
        ("en;q=nonsense", "fr"),
        ("fr;q=0,en", "en"),
        ("x" * 100_000 + ",en", "fr"),
    ],
)
def test_french_unless_english_is_rather_wanted(accepted: str, language: Language) -> None:
    assert language_of(accepted) == language
