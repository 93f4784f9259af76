"""Keeps what a partner's dataset says in step with a Wikibase, three-way, so that people win."""
