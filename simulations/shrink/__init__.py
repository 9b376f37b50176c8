"""A trace that broke an invariant, cut down until it can be read."""
