"""The activity report: what the journal tells of calls and callers, identifying nobody."""
