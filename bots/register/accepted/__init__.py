"""Accepted requests: each makes or extends its partner's record, with links both ways."""
