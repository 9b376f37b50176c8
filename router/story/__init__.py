"""A call's whole story, by one id: what the journal and the log tell, for a person to read."""
