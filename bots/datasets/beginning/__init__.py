"""The beginning of a dataset: a partner's file looked at, and a mapping proposed with questions."""
