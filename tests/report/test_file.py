"""A journal that is read from a file, with the states that were kept on its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.errors import DecrocheError
from router.past.journal import Journal, Waymark, lines_of, read
from tests.report.holes import waymarks
from tests.report.stages import simulated

DAY = 86_400.0


@pytest.fixture(scope="module")
def told() -> Journal:
    """Give what comes after a week's second midnight, with two states side by side in it."""
    _, whole = simulated("ordinary_week")
    first, *marks = waymarks(whole.entries, 2 * DAY, 3 * DAY, 3 * DAY, 5 * DAY)
    later = (Waymark(one.index - first.index, one.at, one.state, one.begins) for one in marks)
    return Journal("told", whole.entries[first.index :], first.state, 2, waymarks=tuple(later))


def lines(told: Journal) -> list[bytes]:
    return [*lines_of(told.entries, told.snapshot, told.waymarks)]


def test_a_file_gives_back_all_that_was_written_into_it(told: Journal, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines(told)))
    found = read(path)
    assert (found.entries, found.waymarks) == (told.entries, told.waymarks)
    assert (found.snapshot, found.first_line, found.notes) == (told.snapshot, 2, ())


@pytest.mark.parametrize("line", [b"", b'{"at":1,"event":', b'{"at":1}', b"{}{}", b"[]", b"\xff"])
def test_the_line_that_is_no_entry_is_named_wherever_it_stands(
    told: Journal, tmp_path: Path, line: bytes
) -> None:
    path, whole = tmp_path / "journal.jsonl", lines(told)
    after_a_state = 1 + next(n for n, one in enumerate(whole) if one.startswith(b'{"waymark"'))
    for place in (1, 5, after_a_state, after_a_state + 1, after_a_state + 9, len(whole)):
        path.write_bytes(b"".join([*whole[:place], line, b"\n", *whole[place:]]))
        with pytest.raises(DecrocheError, match=rf"journal\.jsonl, line {place + 1}: not "):
            read(path)


def test_the_last_line_may_be_cut_in_half(told: Journal, tmp_path: Path) -> None:
    path, whole = tmp_path / "journal.jsonl", lines(told)
    path.write_bytes(b"".join(whole)[:-9])
    found = read(path)
    assert found.entries == told.entries[:-1]
    assert found.notes == (f"{path}, line {len(whole)}: cut in half, left out; it was the last",)
