"""A stand-in Wikibase: the part of the real one's APIs that bots use, in one small process."""
