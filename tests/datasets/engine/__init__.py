"""The engine: what it makes of an item, in single cases and in random lives."""
