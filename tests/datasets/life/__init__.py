"""The judge of the simulated life can fail: each sin against people has a history here."""
