"""What the daemon serves: health and metrics, the control socket, the API for call-backs."""
