"""Tests of the Wikibase side: the stand-in, the data model, reading and writing entities."""
