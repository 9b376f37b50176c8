"""Two real Asterisks for tests: ours with the project's dialplans, and a farm of phones.

In a test module (starting takes about half a second; a module shares one):

    from tests.testbed import Testbed, behaviour, require_testbed

    @pytest.fixture(scope="module")
    def bed() -> Iterator[Testbed]:
        require_testbed()                     # skips, saying what is missing
        with Testbed(fallback=["0199000091"]) as bed:
            yield bed

    async def scene(bed: Testbed) -> None:    # run with asyncio.run
        async with bed.farm() as farm, bed.watch() as ami:
            await farm.listener("0199000101", behaviour.answers(after_seconds=1))
            caller = await farm.call("0805232336", "0639980001", talk_seconds=5)
            assert await farm.heard(caller, deadline_seconds=20) == "0199000101"
            await farm.hang_up(caller)
            assert farm.rings("0199000101") == 1

A listener's dial string, for our Asterisk, is `PJSIP/<name>@trunk`. A name is of digits and
lower-case letters. `farm.heard` and `farm.took` are true two-way proof: each side has heard the
other's DTMF through the talk.

`bed.pbx` is our Asterisk: `.manager` is the daemon's AMI account (host, port, username, secret;
rights of config/manager.conf), `.secret` the dialplan's DECROCHE_SECRET, `.stop()`, `.start()`,
`.kill()`, `.restart()`, `.command("core show channels")`, `.complaints()`. `bed.farm_instance` is
the same for the farm. `bed.watch()` gives an all-powerful AMI session on ours, `bed.manager()` one
with the daemon's rights; see `tests.testbed.ami.Ami`.

Lines: 0805232336 health, 0199000002 students, 0199000003 police, 0199000009 the listeners' menu.
"""

from tests.testbed import behaviour
from tests.testbed.need import require_testbed
from tests.testbed.testbed import Testbed

__all__ = ["Testbed", "behaviour", "require_testbed"]
