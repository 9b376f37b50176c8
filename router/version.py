"""What is running."""

from importlib.metadata import version

VERSION = version("decroche")
