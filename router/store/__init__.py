"""What is kept on disk: the journal and its snapshots; and how a caller's number is hashed."""
