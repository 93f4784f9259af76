"""The intake of partnership requests: what people ask for, checked and kept in view."""
