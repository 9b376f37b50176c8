"""What to say where a part that is optional has not been installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from router.errors import DecrocheError

OURS = ("router", "simulations")
"""No extra brings these: without one of them the installation is broken."""


@contextmanager
def needed(what: str, extra: str) -> Iterator[None]:
    """Have an import that fails say what needs it, and which extra brings it.

    Raises
    ------
    DecrocheError
        if it fails for want of what is not ours.

    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in OURS:
            raise
        raise DecrocheError(f"{what} ({error}): pip install 'decroche[{extra}]'") from error
