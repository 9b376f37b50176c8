"""What the config file says of care for the listeners, as plain data."""

from __future__ import annotations

from router.config.fields import Calls, Preferences, Rests, Seconds, TimeOfDay, Times
from router.config.table import Table
from router.core import policy


class Care(Table, frozen=True):
    """What spares the listeners. Whoever is past one of the limits is asked after the others."""

    wrap_up_seconds: Seconds = 30.0
    """After a talk its listener is left in peace for so long."""
    missed_rest_seconds: Rests = (20.0, 60.0, 180.0, 600.0)
    """Rest after the first, second, ... missed ring in a row; the last one holds from then on."""
    between_rings_seconds: Seconds = 2.0
    """For a phone that was silenced, before it rings for somebody else."""
    rings_in_vain_an_hour: Times = 6
    """Rings that somebody else took."""
    calls_in_a_row: Times = 4
    """Without a break of `break_seconds` between two of them."""
    break_seconds: Seconds = 600.0
    """How long a pause has to be for `calls_in_a_row` to begin anew."""
    night_calls_a_shift: Times = 4
    """Calls between `night_begins` and `night_ends`."""
    night_begins: TimeOfDay = "22:00"
    """On the wall clock of the site, as is the next."""
    night_ends: TimeOfDay = "06:00"
    """The same as `night_begins`: there is no night."""
    talk_seconds_a_shift: Seconds = 14_400.0
    """Of all talks of a shift together."""
    calls_above_share: Calls = 2.0
    """More than an even share among those of the same skills who were on duty with them."""
    hard_call_rest_seconds: Seconds = 900.0
    """After a talk that its listener has marked hard."""
    bends: Preferences = policy.Care().bends
    """What is kept, in the order in which it bends before a caller is lost: what is named first
    bends first; what is not named is not kept at all."""
