"""What we had left on the wiki, told from our own edits, for a store that was lost."""
