"""What a simulated run is shown as: a table in the terminal, and a page that stands alone."""
