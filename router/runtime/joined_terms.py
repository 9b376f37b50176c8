"""Two promises to one caller have become one: the one that stands is kept by what both owe.

Until that is on disk the other's own record is not forgotten: with the journal lost at any moment,
nobody is called back later than they were told.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping

from msgspec.structs import replace

from router.core.promise_commands import PromiseTerms
from router.runtime.number_writer import NumberWriter
from router.store.kept_numbers import PROMISES, TAKEN, Changes, OwedNumber, encode


class JoinedTerms:
    """Writes a promise's record anew. `owed` are the promises of the desk."""

    def __init__(self, writer: NumberWriter, owed: MutableMapping[str, OwedNumber]) -> None:
        self._writer = writer
        self._owed = owed

    def put_down(self, terms: PromiseTerms, then: Callable[[], None]) -> None:
        """Have a promise stand by these terms, however long that takes; then go on."""
        before = self._owed.get(terms.promise)
        if before is not None:
            self._owed[terms.promise] = _by(terms, before)
        self._writer.insist(lambda: self._record(terms.promise), then)

    def hand_on(self, promise: str, terms: PromiseTerms) -> bool:
        """Give the number of a promise to the one that it is one with, if that has lost its own."""
        if terms.promise in self._owed or promise not in self._owed:
            return False
        self._owed[terms.promise] = _by(terms, self._owed.pop(promise))
        # In one write: the two have one data key, which must not go with the other's record.
        gone: Changes = {(PROMISES, promise): None, (TAKEN, promise): None}
        self._writer.insist(lambda: gone | self._record(terms.promise))
        return True

    def mend(self, terms: PromiseTerms) -> None:
        """See that the record says what the journal does: the daemon may have died in between."""
        held = self._owed.get(terms.promise)
        if held is not None and _by(terms, held) != held:
            self._owed[terms.promise] = _by(terms, held)
            self._writer.insist(lambda: self._record(terms.promise))

    def _record(self, promise: str) -> Changes:
        """Give what is to stand at this moment: it may have been kept meanwhile."""
        owed = self._owed.get(promise)
        return {} if owed is None else {(PROMISES, promise): encode(owed)}


def _by(terms: PromiseTerms, owed: OwedNumber) -> OwedNumber:
    return replace(
        owed,
        origin=terms.origin,
        place_at=terms.place_at,
        not_before=terms.not_before,
        due_by=terms.due_by,
        usual=terms.usual,
    )
