"""How fast the engine is as a plain queue, beside simulators by others and a bare loop."""
