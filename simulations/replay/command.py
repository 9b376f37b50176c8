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
from router.errors import DecrocheError
from simulations.output import STANDARD_OUTPUT, said_if_unwritable, say
from simulations.replay.journal import Journal, lines_of, read
from simulations.replay.rerun import RerunFailed
from simulations.replay.show import as_json, show
from simulations.replay.store import SCHEMES, journal_at, journal_of_config
from simulations.replay.study import Findings, study


def replay(
    journal: str,
    *,
    config: Annotated[Path | None, Parameter(name=["--config", "-c"])] = None,
    seed: int = 1,
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
    findings = _findings(_journal(journal), settings, seed)
    if json == STANDARD_OUTPUT:
        say(as_json(findings).decode())
        return
    with said_if_unwritable():
        show(findings, settings.time_zone if settings is not None else UTC)
    if json is not None:
        _write(json, msgspec.json.format(as_json(findings)) + b"\n")


def journal(
    *,
    config: Annotated[Path, Parameter(name=["--config", "-c"])],
    out: Annotated[Path, Parameter(allow_leading_hyphen=True)],
) -> None:
    """Write the journal of a daemon to a file, for `replay` and `shrink`; the daemon runs on.

    Parameters
    ----------
    config
        the daemon's main config file.
    out
        where it goes: one entry a line, after the oldest state that is kept.

    Raises
    ------
    DecrocheError
        if the store cannot be read, or the file not be written.

    """
    found = asyncio.run(journal_of_config(config))
    _write(out, b"".join(lines_of(found.entries, found.snapshot)))
    for note in found.notes:
        Console(stderr=True, soft_wrap=True).print(note, markup=False, highlight=False)


def _journal(named: str) -> Journal:
    if named.startswith(SCHEMES):
        return asyncio.run(journal_at(named, "the store"))
    if named.endswith(".toml"):
        return asyncio.run(journal_of_config(Path(named)))
    return read(Path(named))


def _findings(read_in: Journal, settings: Settings | None, seed: int) -> Findings:
    with Console(stderr=True).status("Replaying"):
        try:
            return study(read_in, settings, seed)
        except RerunFailed as failed:
            path = Path(f"{Path(read_in.source).stem}.replay.trace.jsonl")
            _write(path, b"".join(lines_of(failed.entries)))
            raise DecrocheError(
                f"today's engine broke an invariant in the replay: {failed}\n"
                f"The events that led to it are in {path}; see `decroche shrink`."
            ) from failed


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be written: {error.strerror}") from error
