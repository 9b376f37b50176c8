"""The configuration: one TOML tree, and the listeners in a file of their own."""

from router.config.load import load
from router.config.pin import hash_pin, pin_matches
from router.config.settings import Settings

__all__ = ["Settings", "hash_pin", "load", "pin_matches"]
