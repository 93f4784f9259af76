"""How fast a dataset of 1,000 items is kept in step, and with how many requests."""
