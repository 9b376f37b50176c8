from __future__ import annotations

import asyncio
from typing import cast

from router.ami.link import AmiLink
from router.ami.message import Message
from router.core.events import PbxLost, TimeReached
from router.runtime.inbox import MAX_ITEMS, Inbox, LegsListed


def listing() -> LegsListed:
    return LegsListed(cast("AmiLink", None), [])


def test_items_are_taken_in_the_order_in_which_they_came_and_no_more_than_asked() -> None:
    inbox = Inbox()
    items = [TimeReached() for _ in range(5)]
    for item in items:
        inbox.put(item)
    assert inbox.take(3) + inbox.take(3) == items
    assert inbox.take(3) == []


def test_a_listing_waits_until_all_before_it_has_been_worked_through() -> None:
    inbox = Inbox()
    first, second = listing(), listing()
    for item in (TimeReached(), first, TimeReached(), second):
        inbox.put(item)
    assert inbox.take(10) == [TimeReached()]
    assert inbox.take(10) == [first, TimeReached()]
    assert inbox.take(10) == [second]


def test_a_full_inbox_refuses_more_messages_and_says_so_but_takes_all_else() -> None:
    inbox = Inbox()
    for _ in range(MAX_ITEMS):
        inbox.put(Message(b"Event: Hangup"))
    assert not inbox.overflowed
    inbox.put(Message(b"Event: Hangup"))
    assert inbox.overflowed
    for item in (PbxLost(), TimeReached()):
        inbox.put(item)
    taken = inbox.take(MAX_ITEMS * 2)
    assert len(taken) == MAX_ITEMS + 2
    assert taken[-2:] == [PbxLost(), TimeReached()], "or the link would be believed up for ever"


def test_the_loop_is_woken_again_for_what_it_left() -> None:
    async def scene() -> None:
        inbox = Inbox()
        for _ in range(3):
            inbox.put(TimeReached())
        await inbox.wait()
        inbox.take(1)
        await asyncio.wait_for(inbox.wait(), 30)
        assert len(inbox.take(5)) == 2

    asyncio.run(scene())
