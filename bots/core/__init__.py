"""Pure judgement and the store: no wiki is talked to from here."""
