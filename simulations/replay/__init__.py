"""What was, read from a journal, and what would have been under other rules."""
