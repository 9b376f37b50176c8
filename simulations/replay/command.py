"""What `decroche replay` and `decroche journal` do."""

from __future__ import annotations

import asyncio
from datetime import UTC
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console

from router.config import Settings, load
from router.config.places import DEFAULT_CONFIG
from router.errors import DecrocheError
from router.past.journal import Journal, lines_of, write
from router.past.source import journal_named, journal_of_config
from simulations.output import STANDARD_OUTPUT, said_if_unwritable, say
from simulations.replay.rerun import RerunFailed
from simulations.replay.show import as_json, show
from simulations.replay.study import Findings, study
from simulations.seed import SeedOption

JOURNAL_FILE = Path("decroche.journal.jsonl")
"""Where `decroche journal` writes unless it is told."""


def replay(
    journal: str,
    *,
    config: Annotated[Path | None, Parameter(name=["--config", "-c"])] = None,
    seed: SeedOption = 1,
    json: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
) -> None:
    """Run a journal through today's engine, or another config, and say whose call ends differently.

    Parameters
    ----------
    journal
        a file that `decroche journal` or `simulate --trace` wrote; or a store's address
        (`redis://...`); or the config of a daemon whose store is to be read.
    config
        the main config file of the other rules; without it the journal's own are kept.
    seed
        of what is drawn where the journal does not know.
    json
        write all of it to this file; `-` writes it to standard output, and no table.

    Raises
    ------
    DecrocheError
        if journal or config cannot be used, a file cannot be written, or today's engine breaks an
        invariant in the replay.

    """
    settings = load(config) if config is not None else None
    findings = _findings(journal_named(journal), settings, seed)
    if json == STANDARD_OUTPUT:
        say(as_json(findings).decode())
        return
    with said_if_unwritable():
        show(findings, settings.time_zone if settings is not None else UTC)
    if json is not None:
        _write(json, msgspec.json.format(as_json(findings)) + b"\n")


def journal(
    *,
    config: Annotated[Path, Parameter(name=["--config", "-c"])] = DEFAULT_CONFIG,
    out: Annotated[Path, Parameter(allow_leading_hyphen=True)] = JOURNAL_FILE,
) -> None:
    """Write the journal of a daemon, running or not, to a file, for `replay` and `shrink`.

    Parameters
    ----------
    config
        the daemon's main config file.
    out
        where it goes, for its owner alone to read: one entry a line, after the oldest state that
        is kept, with the others among them.

    Raises
    ------
    DecrocheError
        if the store cannot be read, or the file not be written.

    """
    found = asyncio.run(journal_of_config(config))
    write(out, lines_of(found.entries, found.snapshot, found.waymarks))
    for note in (*found.notes, f"{len(found.entries)} entries: {out.absolute()}"):
        Console(stderr=True, soft_wrap=True).print(note, markup=False, highlight=False)


def _findings(read_in: Journal, settings: Settings | None, seed: int) -> Findings:
    with Console(stderr=True).status("Replaying"):
        try:
            return study(read_in, settings, seed)
        except RerunFailed as failed:
            path = Path(f"{Path(read_in.source).stem}.replay.trace.jsonl")
            write(path, lines_of(failed.entries))
            raise DecrocheError(
                f"today's engine broke an invariant in the replay: {failed}\n"
                f"The events that led to it are in {path}; see `decroche shrink`."
            ) from failed


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be written: {error.strerror}") from error
