"""What does not fit together in what the config says of the API."""

from __future__ import annotations

from typing import Final

from router.config.api_tables import Api
from router.config.reader import Reader
from router.config.shape import MainFile

NOBODYS_NAME: Final = "stranger"
"""In the metrics: who shows no token of ours."""


def check_api(api: Api, main: MainFile, reader: Reader) -> None:
    """Put on the list what is wrong with the API's table."""
    if not api.clients and not reader.complains:
        reader.complain("api.clients", "expected at least one client")
    calls_back = any(line.call_back is not None for line in main.lines.values())
    if not calls_back and not reader.refused("lines"):
        reader.complain("api", "expected a line that calls back, by a table [lines.NAME.call_back]")
    if api.port == main.web.port:
        reader.complain("api.port", "web.port is the same")
    first: dict[str, str] = {}
    for name, client in api.clients.items():
        if name == NOBODYS_NAME:
            reader.complain(f"api.clients.{name}", "expected another name")
        before = first.setdefault(client.token_sha256, name)
        if before != name:
            at = f"api.clients.{name}.token_sha256"
            reader.complain(at, f"api.clients.{before} has the same")
