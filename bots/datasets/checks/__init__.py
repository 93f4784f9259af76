"""Checks before writing: what fails one is unknown and told, and nothing is written of it."""
