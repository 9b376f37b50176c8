"""The daemon itself, as Prometheus scrapes it: what only its wiring makes right."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.ami.peer import Peer, nothing
from tests.web.api.installation import DEADLINE_SECONDS, Installation

pytestmark = pytest.mark.slow

NUMBER = 'number = "0199000001"'
LONG_AGO = 'hours = ["2020-01-01 08:00-12:00"]'
NIGHT = f"""
[lines.night]
number = "0199000002"
skills = {{ health = 1 }}
when_closed = "day"
{LONG_AGO}
[lines.day]
number = "0199000003"
skills = {{ health = 1 }}
"""


@pytest.fixture
def site() -> Iterator[Installation]:
    # A socket's path must be short, and those of pytest are not.
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    try:
        with Installation(folder) as site:
            site.write(web="one token")
            site.tree.spoil("[lines.carers.call_back]", f"{NIGHT}[lines.carers.call_back]")
            yield site
    finally:
        shutil.rmtree(folder)


def scraped(site: Installation, name: str) -> dict[str, float]:
    """Give a metric's values by line; without one, of all."""
    with urllib.request.urlopen(
        f"http://127.0.0.1:{site.web_port}/metrics", timeout=DEADLINE_SECONDS
    ) as page:
        families = text_string_to_metric_families(page.read().decode())
        (found,) = [one for one in families if one.name == f"decroche_{name}"]
    return {sample.labels.get("line", ""): sample.value for sample in found.samples}


def test_a_line_is_shown_as_closed_while_nobody_takes_its_callers(site: Installation) -> None:
    site.tree.spoil(NUMBER, f"{NUMBER}\n{LONG_AGO}")
    site.start()
    site.wait_until(
        lambda: scraped(site, "line_open") == {"carers": 0.0, "night": 1.0, "day": 1.0},
        "the lines",
    )
    site.tree.spoil(LONG_AGO, "")
    site.reread()
    site.wait_until(lambda: scraped(site, "line_open")["carers"] == 1.0, "the line to open")


def test_a_link_is_not_up_before_what_asterisk_holds_is_known(site: Installation) -> None:
    async def scene() -> None:
        async with Peer() as peer:
            peer.answers["CoreShowChannels"] = nothing
            site.tree.spoil("[asterisk]\nport = ", f"[asterisk]\nport = {peer.account.port} # ")
            await asyncio.to_thread(site.start)
            await asyncio.wait_for(peer.heard_of("CoreShowChannels"), DEADLINE_SECONDS)
            assert await asyncio.to_thread(scraped, site, "ami_connected") == {"": 0.0}

    asyncio.run(scene())
