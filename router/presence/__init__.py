"""Listeners' apps, over MQTT: what they say, what they are told, and the link to the broker."""
