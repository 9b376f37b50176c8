"""Whether a listener in a talk can ask for somebody, meet them, and be told."""

from __future__ import annotations

from router.config import Settings
from router.doctor.finding import Verdict, fail, fine, skip, warn
from router.doctor.link import Link

KEYS = ("decroche-senior", "decroche-shock")
_LEADS_TO = '"decroche-senior,ask,1('
_ROOM, _WHISPER, _FILES = "app_confbridge.so", "app_chanspy.so", "func_config.so"


def check_help(_settings: Settings, link: Link) -> Verdict:
    """Look for the keys of a listener in a talk, and for what they need of Asterisk."""
    loaded = {name: link.variable(f"IFMODULE({name})") for name in (_ROOM, _WHISPER, _FILES)}
    if loaded[_ROOM] == "0":
        return fail(
            "a talk would end where a listener meets a senior: app_confbridge is not loaded",
            "load app_confbridge.so in modules.conf; it wants a confbridge.conf, even an empty one",
        )
    if loaded[_WHISPER] == "0":
        return warn(
            "no listener hears whether a senior is sought: app_chanspy is not loaded",
            "load app_chanspy.so in modules.conf",
        )
    if loaded[_FILES] != "1":
        return skip(
            "Asterisk does not tell which keys a listener in a talk has",
            "load func_module.so and func_config.so in modules.conf",
        )
    return _check_keys(link)


def _check_keys(link: Link) -> Verdict:
    missing = [key for key in KEYS if _LEADS_TO not in _in_features(link, key)]
    if missing:
        return warn(
            f"a listener in a talk has no key for help; not in features.conf: {', '.join(missing)}",
            "add the lines of config/features.conf to it, then run "
            "asterisk -rx 'module reload features'",
        )
    return fine("keys, conference and whisper")


def _in_features(link: Link, key: str) -> str:
    return link.variable(f"AST_CONFIG(features.conf,applicationmap,{key})")
