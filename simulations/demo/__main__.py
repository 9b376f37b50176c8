"""`make demo`: the daemon, an emulated PBX and a load of callers, live in the terminal."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

from cyclopts import App, Parameter, validators
from rich.console import Console

from router.errors import DecrocheError
from simulations.demo.run import run

Seconds = Annotated[float, Parameter(validator=validators.Number(gt=0))]

app = App(name="demo", help="Show the daemon at work, on an emulated PBX with made people.")


@app.default
def demo(*, seconds: Seconds | None = None) -> None:
    """Show it until Ctrl-C.

    Parameters
    ----------
    seconds
        end by itself after so long.

    """
    console = Console()
    console.print(asyncio.run(run(seconds, console)), highlight=False, soft_wrap=True)


if __name__ == "__main__":
    try:
        app()
    except DecrocheError as error:
        sys.exit(str(error))
