"""Telephone numbers: read as people and networks write them, and judged before one is rung."""
