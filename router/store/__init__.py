"""What is kept on disk: the journal and its snapshots, promises, and callers' numbers, sealed."""
