"""What ops ask of the running daemon, by its control socket."""
