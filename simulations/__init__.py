"""The call-load simulator: made callers and listeners around the very engine of the daemon."""
