"""What listeners may key for an orientation, as the directory says."""

from __future__ import annotations

import structlog

from router.ami.disposition import Orientations
from router.config import Settings
from router.directory.load import load_directory
from router.errors import ConfigError

log = structlog.get_logger(__name__)


def number_book(settings: Settings, before: Orientations) -> Orientations:
    """Give the name of each entry by its short number; without a directory, none.

    A bad directory is told loudly and the numbers from before stay: no call waits for it.
    """
    if settings.directory_file is None:
        return {}
    try:
        directory = load_directory(settings.directory_file)
    except ConfigError as error:
        log.error(
            "directory_refused",
            problems=str(error).splitlines(),
            effect="its numbers are as before",
        )
        return before
    return {entry.number: name for name, entry in directory.entries.items()}
