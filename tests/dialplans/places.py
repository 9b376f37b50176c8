"""Who is who in these tests."""

from __future__ import annotations

HEALTH_NUMBER = "0805232336"
STUDENTS_NUMBER = "0199000002"
MENU_NUMBER = "0199000009"
FALLBACK_VOICEMAIL = "0199000091"
FALLBACK_REFUSING = "0199000093"
FALLBACK_HUMAN = "0199000092"
FALLBACK_SLOW_HUMAN = "0199000094"
HUMAN_WITHIN_SECONDS = 20.0
"""The promise: with no daemon, a human within this time."""
SOON_SECONDS = 5.0
"""For what takes no time of its own: a loaded machine gets some patience."""
