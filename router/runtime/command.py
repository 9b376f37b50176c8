"""`decroche run` and `decroche explain`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from router.config.places import DEFAULT_CONFIG
from router.runtime.explain import show, story_of
from router.runtime.main import serve

Config = Annotated[Path, Parameter(name=["--config", "-c"], help="The main config file.")]


def run(*, config: Config = DEFAULT_CONFIG) -> None:
    """Route calls until SIGTERM. SIGHUP reads the config again."""
    serve(config)


def explain(call: str, *, config: Config = DEFAULT_CONFIG) -> None:
    """Say, for every listener, why they were rung for a call or not.

    Parameters
    ----------
    call
        the call's id, as the log shows it.
    config
        the main config file.

    """
    story, zone = asyncio.run(story_of(config, call))
    Console().print(show(story, zone))
