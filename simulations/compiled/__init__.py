"""The program with its engine compiled: the same results in less than half the time."""
