"""What agreements oblige to: whether it can be seen that it was done, and one reminder."""
