"""Where a leg stays for a while, so that an order which is given to it there is followed.

How far a leg is just after an event is by chance, and Asterisk may lose a redirect that comes as it
goes from one step to the next: the step's own goto is written over it.
"""

from __future__ import annotations

from tests.testbed.ami import Ami, Message

TAKE_TIME = {
    "AppDial2",
    "BridgeWait",
    "ChanSpy",
    "ConfBridge",
    "Dial",
    "Playback",
    "Read",
    "Wait",
    "WaitForNoise",
}
"""The applications in which a leg stays; the first is that of one which still rings."""

SOON_SECONDS = 20.0


async def at_rest(watch: Ami, leg: str) -> None:
    """Wait until this leg is in a step that takes time.

    `watch` is a session that sees each step of the dialplan.

    Raises
    ------
    TimeoutError
        if it does not come to one.

    """

    def is_step(event: Message) -> bool:
        return event.has(Event="Newexten", Uniqueid=leg)

    await watch.send("Ping")  # answered once all that has happened until now is told
    seen = len(watch.events)
    last = next((event for event in reversed(watch.events) if is_step(event)), None)
    if last is not None and last["Application"] not in TAKE_TIME:
        await watch.wait_for(
            lambda event: is_step(event) and event["Application"] in TAKE_TIME, SOON_SECONDS, seen
        )
