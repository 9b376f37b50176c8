"""Everything that a site keeps, searched for callers' numbers."""
