"""What has been: a daemon's journal, from a file or from its store."""
