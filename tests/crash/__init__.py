"""The daemon, killed at every boundary of its work with promises in flight, again and again."""
