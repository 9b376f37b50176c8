from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest
import structlog

from router.observe.logging import LogFormat, set_up_logging


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook)
    yield io.StringIO()
    root.handlers[:], logging.raiseExceptions, sys.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])
    logging.getLogger("router").setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(output: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_source_and_the_ids_of_its_call(
    output: io.StringIO,
) -> None:
    set_up_logging("json", output=output)
    log = structlog.get_logger("router.runtime").bind(call="1700000000.17", listener="anne")
    log.info("offer_made", offer="dcr-a1-1")
    (line,) = lines(output)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "message": "offer_made",
        "level": "info",
        "logger": "router.runtime",
        "call": "1700000000.17",
        "listener": "anne",
        "offer": "dcr-a1-1",
    }


def test_ids_bound_to_the_context_are_in_a_library_s_lines_too(output: io.StringIO) -> None:
    set_up_logging("json", output=output)
    with structlog.contextvars.bound_contextvars(call="1700000000.17"):
        logging.getLogger("panoramisk").warning("odd reply")
    assert lines(output)[0]["call"] == "1700000000.17"


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_number_gets_out_by_any_way_into_the_log(
    output: io.StringIO, log_format: LogFormat
) -> None:
    set_up_logging(log_format, "DEBUG", output)
    log = structlog.get_logger("router.ami").bind(channel="PJSIP/0199000001-00000001")
    log.info("call from 01 99 00 00 01", headers={"From": ["+33 1 99 00 00 01"]})
    log.info("call from %s", "0199000001")
    library = logging.getLogger("panoramisk")
    library.warning("<- %r", {"CallerIDNum": "0199000001"})
    library.warning("no such %d", "0199000001")
    library.warning("stack of 0199000001", stack_info=True, extra={"number": "0199000001"})
    try:
        int("cannot ring 0199000001")
    except ValueError:
        log.exception("failed")
        library.exception("failed")
    warnings.warn("about 0199000001", stacklevel=1)
    shown = output.getvalue()
    assert "'cannot ring [number]'" in shown
    assert "ValueError" in shown
    assert "99000001" not in shown.replace(" ", "")


def test_an_error_that_nobody_awaited_is_logged_redacted(output: io.StringIO) -> None:
    set_up_logging("json", output=output)

    async def forgotten() -> None:
        raise ValueError("0199000001")

    async def forget() -> None:
        task = asyncio.create_task(forgotten())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(forget())
    (line,) = lines(output)
    assert line["logger"] == "asyncio"
    assert "ValueError: [number]" in str(line["exception"])


def test_the_last_words_of_a_crash_are_redacted(output: io.StringIO) -> None:
    set_up_logging("json", output=output)
    error = ValueError("0199000001")
    sys.excepthook(ValueError, error, None)
    (line,) = lines(output)
    assert (line["message"], line["exception"]) == ("crashed", "ValueError: [number]")


def test_libraries_are_heard_from_warning_up_and_we_from_the_level_asked_for(
    output: io.StringIO,
) -> None:
    set_up_logging("json", "DEBUG", output)
    structlog.get_logger("router.core").debug("ours")
    for library in ("panoramisk", "aiohttp.server", "asyncio", "redis"):
        logging.getLogger(library).info("chatter")
        logging.getLogger(library).warning("theirs")
    assert [line["message"] for line in lines(output)] == ["ours"] + ["theirs"] * 4


def test_a_line_is_one_line_whatever_is_in_it(output: io.StringIO) -> None:
    set_up_logging("json", output=output)
    structlog.get_logger("router").info("one\r\ntwo\u2028three", odd="\ud800\x00", obj=object())
    assert len(output.getvalue().split("\n")) == 2
    assert "\r" not in output.getvalue()


def test_setting_up_twice_does_not_log_twice(output: io.StringIO) -> None:
    set_up_logging("json", output=output)
    set_up_logging("json", output=output)
    structlog.get_logger("router").info("once")
    assert len(lines(output)) == 1
