"""Wikibase's data model: entities in both JSON forms, what says the same, and what changes.

- `model`: items, properties, MediaInfo, statements, snaks, values; `make`: values from sources.
- `exact`: JSON whose numbers are exact; `action_json`, `rest_json`: the two APIs' forms.
- `equality`: what says the same, or says it more finely.
- `checks`: what may not be written.
- `change`: what is to change, with what was read; `patch`: that as the two APIs take it.
"""
