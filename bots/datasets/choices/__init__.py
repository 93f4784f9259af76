"""Doubtful matches and unknown values: candidates, scored, and the pages on which people decide."""
