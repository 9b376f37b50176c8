"""The local web port: health, readiness, metrics."""
