"""What operators see: logs in which no caller can be recognised, and metrics."""
