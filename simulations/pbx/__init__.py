"""An emulated Asterisk: its manager interface over TCP, its dialplan, and people on its phones."""
