"""What the register had left on pages, told from our own edits, for a store that was lost."""
