"""The engine: an item, what we left on it and what a record says, made one patch. Pure."""
