"""Writes docs/configuration.md: each table and key that the config files may have, from the types.

`python -m router.reference.configuration > docs/configuration.md`, or `make config-page`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from msgspec import Struct

from router.config.restart import wants_a_restart
from router.config.shape import ListenersFile, MainFile
from router.directory.shape import DirectoryFile
from router.reference.keys import Key, KeyTable, Place, tables

HEAD = """\
# Configuration

Three files in TOML: `decroche.toml`, which names the two others, the listeners' and, if there is
one, the orientation directory's. [config/](../config) has a whole example of each. All of it is
checked before any of it is used: what is wrong is told with its file, key and what was expected,
by `decroche check-config`, at the start, and at a reload, where the old configuration stays then.
A directory that is bad keeps no daemon from starting: its entries are those from before, or none.

`systemctl reload decroche` (SIGHUP) has the daemon read its files anew. No call is touched: it
keeps the rules of its line as it came in. What says *restart* below holds from the next start on,
and the log names it if it has changed (`config_wants_a_restart`); so does a new `[api]`, and the
first line with a `call_back`.

Paths start from the folder of the file that names them. Numbers in seconds, days and so on say so
in their name. A name in capitals is the site's to choose: `[lines.NAME]` stands for
`[lines.health]`.

## Hours

Of a line, a rung, a listener's shifts, a rota, an entry of the directory: `"always"`, `"none"`,
or a list of

| text | when |
|---|---|
| `mon-fri 08:00-20:00` | on these days of the week; a public holiday is a day like any other |
| `mon-fri 08:00-20:00 not holidays` | but not where these words are added |
| `holidays 10:00-18:00` | on public holidays alone, whatever day of the week it is |
| `2026-12-24 08:00-14:00` | on that date |
| `not 2026-12-31` | on that date only what is listed under the date itself |
| `fri 22:00-06:00` | over midnight; the day on which it begins is what counts |

Times are those of the wall clock: a night shift is an hour shorter or longer when the clock
changes. `decroche check-config` tells the hours of the coming week at which nobody on duty could
take a line's calls; the line's last rung rings everybody on duty all the same.

`make config-page` writes this page from the code, and a test holds the two together.
"""

COLUMNS = (
    "| key | type | what it may be | default | on SIGHUP | meaning |\n|---|---|---|---|---|---|\n"
)


class File(Struct, frozen=True):
    """A file, and what it is called in the example."""

    name: str
    shape: type[Struct]
    reloaded: str
    """What a reload does with it."""


FILES = (
    File("decroche.toml", MainFile, ""),
    File("listeners.toml", ListenersFile, "A reload takes all of it anew.\n\n"),
    File("directory.toml", DirectoryFile, "A reload takes all of it anew.\n\n"),
)


def page() -> str:
    """Give the whole page."""
    return HEAD + "".join(f"\n## {one.name}\n\n{one.reloaded}{_body(one)}" for one in FILES)


def _body(file: File) -> str:
    return "\n".join(_section(table) for table in tables(file.shape) if table.keys)


def _section(table: KeyTable) -> str:
    return _heading(table) + COLUMNS + "".join(_rows(table))


def _heading(table: KeyTable) -> str:
    if not table.places[0].path:
        return "At the top of the file:\n\n"
    names = ", ".join(f"`{_bracketed(place)}`" for place in table.places)
    return f"### {names}\n\n{_words(table)}\n\n"


def _words(table: KeyTable) -> str:
    if len(table.places) == 1:
        return _plain(f"{table.meaning} {table.places[0].meaning}".strip())
    listed = (
        f"\n- `{place.path.rpartition('.')[2]}`: {_plain(place.meaning)}" for place in table.places
    )
    return f"{table.meaning}\n{''.join(listed)}"


def _bracketed(place: Place) -> str:
    return f"[[{place.path}]]" if place.is_list else f"[{place.path}]"


def _rows(table: KeyTable) -> Iterator[str]:
    for key in table.keys:
        cells = (
            f"`{key.name}`",
            key.type,
            _escaped(key.expected),
            _default(key),
            "restart" if _is_fixed(table, key) else "taken",
            _plain(key.meaning),
        )
        yield f"| {' | '.join(cells)} |\n"


def _default(key: Key) -> str:
    if key.required:
        return "must be there"
    return f"`{key.default}`" if key.default else "none"


def _is_fixed(table: KeyTable, key: Key) -> bool:
    return wants_a_restart(f"{table.places[0].path}.{key.name}".removeprefix("."))


def _plain(words: str) -> str:
    """Say what it means that a key is not there as a writer of TOML would."""
    return _escaped(words.replace("; None: ", "; left out: ").replace("None: ", "Left out: "))


def _escaped(words: str) -> str:
    return words.replace("|", r"\|")


if __name__ == "__main__":
    sys.stdout.write(page())
