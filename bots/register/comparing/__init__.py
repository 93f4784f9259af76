"""A partner's Wikidata item compared with the register: what differs is told, and never edited."""
