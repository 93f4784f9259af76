"""Wikibase's data model: entities in both JSON forms, what says the same, and what changes."""
