"""What can go wrong on the link to Asterisk. No message holds a header's value."""

# ruff: noqa: N818  an error is called after what happened, as a log line is

from __future__ import annotations

from router.errors import AmiError


class UnsafeField(AmiError):
    """A field of an action that would become something else on the wire."""


class LinkDown(AmiError):
    """There is no link: the action was not sent, or its answer can no longer come."""


class LoginRefused(AmiError):
    """Asterisk knows neither this user nor this secret, or lets nobody in from here."""


class ActionTimedOut(AmiError):
    """Asterisk did not answer an action in its time. Whether it was carried out is unknown."""


class ActionRefused(AmiError):
    """Asterisk answered a listing with an error."""
