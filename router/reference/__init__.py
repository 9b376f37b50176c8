"""Pages that are made from the code: what may be configured, and the states drawn."""
