"""What the directory's file says is what a listener reads, to the letter."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from router.directory.nearest import nearest
from router.directory.shape import DirectoryFile, Entry
from router.directory.words import table_of


@pytest.mark.parametrize("name", ["Centre [bold]", "Accueil [/]", "Unité [Lyon 3e]"])
def test_words_in_brackets_are_shown_as_they_are(name: str) -> None:
    entry = Entry("unit", name, "01 99 00 10 01", "69")
    directory = DirectoryFile({"unit": "Unité [soins]"}, {"one": entry})
    shown = Console(file=io.StringIO(), width=160)
    shown.print(table_of(nearest(directory, "69"), directory))
    assert isinstance(shown.file, io.StringIO)
    assert name in shown.file.getvalue()
    assert "Unité [soins]" in shown.file.getvalue()
