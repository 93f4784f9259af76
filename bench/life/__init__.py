"""Twenty months in the life of a dataset, and a judge of what its bot did to people's edits."""
