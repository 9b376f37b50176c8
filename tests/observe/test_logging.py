from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest
import structlog

from router.errors import StoreError
from router.observe.log_writer import LogWriter
from router.observe.logging import LogFormat, set_up_logging

PATIENCE_SECONDS = 30.0


class Written(io.BytesIO):
    """Where the log is written to."""

    def text(self) -> str:
        """Give what was logged, once it is written."""
        (writer,) = logging.getLogger().handlers
        assert isinstance(writer, LogWriter)
        writer.flush(PATIENCE_SECONDS)
        return self.getvalue().decode()


@pytest.fixture(scope="module", autouse=True)
def _leavings_of_others() -> None:
    """Have what other tests left to be collected be so now: what it complains of is not ours."""
    gc.collect()


@pytest.fixture
def output() -> Iterator[Written]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, sys.unraisablehook, threading.excepthook)
    yield Written()
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    root.setLevel(before[1])
    logging.getLogger("router").setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(output: Written) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.text().splitlines()]


def test_a_line_is_json_with_time_level_source_and_the_ids_of_its_call(
    output: Written,
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


def test_ids_bound_to_the_context_are_in_a_library_s_lines_too(output: Written) -> None:
    set_up_logging("json", output=output)
    with structlog.contextvars.bound_contextvars(call="1700000000.17"):
        logging.getLogger("panoramisk").warning("odd reply")
    assert lines(output)[0]["call"] == "1700000000.17"


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_number_gets_out_by_any_way_into_the_log(output: Written, log_format: LogFormat) -> None:
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
    shown = output.text()
    assert "ValueError" in shown
    assert "99000001" not in shown.replace(" ", "")


def test_an_error_that_nobody_awaited_is_logged_redacted(output: Written) -> None:
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
    assert str(line["exception"]).endswith('raise ValueError("[number]")\nValueError')


def test_of_a_crash_the_kind_of_error_is_told_and_not_its_words(output: Written) -> None:
    set_up_logging("json", output=output)
    error = ValueError("0199000001")
    sys.excepthook(ValueError, error, None)
    (line,) = lines(output)
    assert (line["message"], line["exception"]) == ("crashed", "ValueError")


def test_of_a_thread_that_ends_by_an_error_its_kind_and_place_are_told_and_not_its_words(
    output: Written, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up_logging("json", output=output)

    def ring(number: str) -> None:
        raise ValueError(f"cannot ring {number}")

    thread = threading.Thread(target=ring, args=["06 39 98 00 01"], name="writer")
    thread.start()
    thread.join(PATIENCE_SECONDS)
    (line,) = lines(output)
    assert (line["message"], line["level"], line["thread"]) == ("thread_crashed", "error", "writer")
    assert ", in ring\n" in str(line["exception"])
    assert str(line["exception"]).endswith("\nValueError")
    assert "39 98" not in str(line)
    assert capfd.readouterr().err == ""


def test_a_thread_that_leaves_on_purpose_is_no_crash(output: Written) -> None:
    set_up_logging("json", output=output)
    threading.excepthook(
        threading.ExceptHookArgs((SystemExit, SystemExit(), None, threading.current_thread()))
    )
    assert lines(output) == []


class Forgotten:
    """What cannot be taken out of memory without an error."""

    def __del__(self) -> None:
        raise ValueError("06 39 98 00 01 is forgotten")


def test_of_an_error_that_python_itself_passes_over_the_words_are_not_told_either(
    output: Written, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up_logging("json", output=output)
    Forgotten()
    gc.collect()
    (line,) = lines(output)
    assert (line["message"], line["level"]) == ("error_passed_over", "error")
    assert ", in __del__\n" in str(line["exception"])
    assert str(line["exception"]).endswith("\nValueError")
    assert "39 98" not in str(line)
    assert capfd.readouterr().err == ""


def test_libraries_are_heard_from_warning_up_and_we_from_the_level_asked_for(
    output: Written,
) -> None:
    set_up_logging("json", "DEBUG", output)
    structlog.get_logger("router.core").debug("ours")
    for library in ("panoramisk", "aiohttp.server", "asyncio", "redis"):
        logging.getLogger(library).info("chatter")
        logging.getLogger(library).warning("theirs")
    assert [line["message"] for line in lines(output)] == ["ours"] + ["theirs"] * 4


def test_a_line_is_one_line_whatever_is_in_it(output: Written) -> None:
    set_up_logging("json", output=output)
    structlog.get_logger("router").info("one\r\ntwo\u2028three", odd="\ud800\x00", obj=object())
    assert len(output.text().split("\n")) == 2
    assert "\r" not in output.text()


def test_setting_up_twice_does_not_log_twice(output: Written) -> None:
    set_up_logging("json", output=output)
    set_up_logging("json", output=output)
    structlog.get_logger("router").info("once")
    assert len(lines(output)) == 1


def test_an_error_is_told_by_kind_and_place_with_what_it_came_from_and_not_by_its_words(
    output: Written,
) -> None:
    set_up_logging("json", output=output)

    def look_up() -> None:
        sought = "a name and 639980001"
        try:
            int(sought)
        except ValueError as error:
            raise ExceptionGroup(sought, [OSError(28, "No space left", sought)]) from error

    try:
        look_up()
    except ExceptionGroup:
        structlog.get_logger("router.store").exception("failed")
    told = str(lines(output)[0]["exception"])
    assert "a name and" not in told
    assert "ValueError\n" in told
    assert "OSError: No space left" in told
    assert ", in look_up\n" in told
    assert told.endswith("ExceptionGroup")


def test_what_we_say_ourselves_of_an_error_is_told(output: Written) -> None:
    set_up_logging("json", output=output)
    structlog.get_logger("router.store").error("failed", exc_info=StoreError("for 639980001: full"))
    assert lines(output)[0]["exception"] == "StoreError: for [number]: full"
