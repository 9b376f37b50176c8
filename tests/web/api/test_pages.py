"""The API tells what it is: for machines, and for people."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from schemathesis import openapi

from router.web.api.problem import KINDS, POINTERS
from tests.web.api.house import ApiHouse, at_the_api

VOID = {"meta"}


class Page(HTMLParser):
    """Reads a page: what it fetches, what can be pointed at, and whether all is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.fetches: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.fetches += [tag] if tag in {"script", "link", "img", "iframe"} else []
        self.ids |= {found["id"] or ""} if "id" in found else set()
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def end(self) -> None:
        self.close()
        assert self._open == []


def test_the_document_is_openapi_that_a_tool_can_read_and_needs_no_token() -> None:
    async def story(house: ApiHouse) -> None:
        answer = await house.ask("GET", "/v1/openapi.json", token=None)
        assert answer.status == 200
        assert answer.body["openapi"] == "3.1.0"
        read = openapi.from_dict(answer.body)
        read.validate()
        assert read["/v1/promises/{id}"]["DELETE"].label == "DELETE /v1/promises/{id}"

    at_the_api(story)


def test_the_page_tells_all_of_it_and_fetches_nothing() -> None:
    async def story(house: ApiHouse) -> None:
        answer = await house.ask("GET", "/v1/", token=None)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        page = Page()
        page.feed(answer.text)
        page.end()
        assert page.fetches == []
        within = {link[1:] for link in page.links if link.startswith("#")}
        assert within == {"NewPromise", "Promise", "ProblemDetails"}
        assert within <= page.ids
        assert [link for link in page.links if link[1:] not in within] == ["/v1/openapi.json"]
        assert set(KINDS) <= page.ids
        assert not re.search(r"https?://(?!HOST)", answer.text)
        for told in ("POST /v1/promises", "Idempotency-Key", "number", "window", "Retry-After"):
            assert told in answer.text

    at_the_api(story)


def test_each_reason_to_refuse_is_a_problem_of_its_own_with_a_place() -> None:
    assert set(POINTERS) <= set(KINDS)
    assert {KINDS[reason].status for reason in POINTERS} == {422}


def test_no_answer_names_what_it_runs_on_or_may_be_kept_by_a_proxy() -> None:
    async def story(house: ApiHouse) -> None:
        for answer in (await house.see("nothing"), await house.ask("GET", "/v1/", token=None)):
            assert answer.headers["Server"] == "decroche"
            assert answer.headers["Cache-Control"] == "no-store"

    at_the_api(story)
