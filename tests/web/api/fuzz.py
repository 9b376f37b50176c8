"""Thousands of requests, right and wrong, made from the API's own document by schemathesis.

`python -m tests.web.api.fuzz CASES` prints what came of them as one line of JSON, and ends with 1
if anything was answered otherwise than the document says, or by an error of ours.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.web.api.house import TOKEN, ApiHouse

DEADLINE_SECONDS: Final = 540.0

UNLIKE_US: Final = ("positive_data_acceptance", "use_after_free")
"""What a schema cannot say is refused, such as an emergency number; and what is cancelled can
still be seen, as cancelled."""


class Outcome(NamedTuple):
    """What came of a run."""

    cases: int
    statuses: dict[str, int]
    failures: list[Any]

    @property
    def server_errors(self) -> int:
        return sum(times for status, times in self.statuses.items() if status >= "500")


async def fuzz(cases: int, seed: int = 1) -> Outcome:
    """Have at least so many requests made of a real API with a real store."""
    with tempfile.TemporaryDirectory(prefix="dcr-") as folder:
        async with ApiHouse() as house:
            answer = await house.ask("GET", "/v1/openapi.json", token=None)
            (Path(folder) / "openapi.json").write_text(json.dumps(_for_this_house(answer.body)))
            report = await _run(Path(folder), house.url, cases, seed)
            return Outcome(
                report["test_cases"]["generated"],
                _statuses(house.metrics),
                [*report["failures"], *report["errors"]],
            )


def _for_this_house(document: dict[str, Any]) -> dict[str, Any]:
    """Have many requests be for numbers and a line that are called back, so that they go far."""
    asked = document["components"]["schemas"]["NewPromise"]["properties"]
    callers = {"type": "string", "pattern": "^06399800[0-9]{2}$"}
    asked["number"] = {"anyOf": [callers, asked["number"]]}
    asked["line"] = {"enum": ["carers"]}
    asked["listener"] = {"enum": ["204", None]}
    return document


async def _run(folder: Path, url: str, cases: int, seed: int) -> dict[str, Any]:
    report = folder / "report.json"
    # Examples for each of three operations; what is played in order adds about as many again.
    words = [
        *("--url", url, "--header", f"Authorization: Bearer {TOKEN}"),
        *("--max-examples", str(max(20, cases // 6)), "--seed", str(seed)),
        # How long it takes to think of examples is the machine's matter.
        *("--suppress-health-check", "too_slow"),
        *("--checks", "all", "--exclude-checks", ",".join(UNLIKE_US), "--continue-on-failure"),
        *("--report", "json", "--report-json-path", str(report)),
    ]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", *words),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), DEADLINE_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
    if not report.exists():
        raise AssertionError(f"schemathesis has not run: {said.decode(errors='replace')}")
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def _statuses(metrics: str) -> dict[str, int]:
    found = re.findall(r'decroche_api_requests_total\{.*status="(\d+)"\} ([\d.]+)', metrics)
    statuses: dict[str, int] = {}
    for status, times in found:
        statuses[status] = statuses.get(status, 0) + int(float(times))
    return dict(sorted(statuses.items()))


def main() -> int:
    cases = int(sys.argv[1])
    outcome = asyncio.run(fuzz(cases))
    print(json.dumps({**outcome._asdict(), "server_errors": outcome.server_errors}))  # noqa: T201 - it is what is asked for
    return int(outcome.cases < cases or bool(outcome.failures) or outcome.server_errors > 0)


if __name__ == "__main__":
    sys.exit(main())
