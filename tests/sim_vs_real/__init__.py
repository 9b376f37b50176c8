"""`make sim-vs-real`: one scenario in the simulator and on a real Asterisk, call by call."""
