"""How many listeners are needed, hour by hour: a guess by theory, an answer by simulation."""
