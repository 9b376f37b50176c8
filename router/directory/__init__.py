"""The orientation directory: whom a listener may give a caller."""
