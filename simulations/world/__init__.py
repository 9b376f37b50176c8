"""The made world: callers, listeners, an Asterisk with its dialplan, and what goes wrong."""
