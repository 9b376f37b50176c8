"""Two sets of rules on the same people: what differs, and what of it is beyond chance."""
