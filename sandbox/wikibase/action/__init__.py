"""The Action API, /w/api.php."""

from sandbox.wikibase.action.main import handle

__all__ = ["handle"]
