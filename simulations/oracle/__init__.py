"""Whether the engine tells the truth: its plain queue against theory, and call by call."""
