"""Call-backs asked for over HTTP, by the association's own site and app."""
