"""What the sandbox says when it cannot go on: one sentence for a person."""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox cannot do what was asked; the message says what is missing and what to do."""
