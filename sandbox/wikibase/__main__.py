"""Serves a stand-in until its standard input ends: `python -m sandbox.wikibase --port 9000`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sandbox.wikibase.people import add_people
from sandbox.wikibase.phpjson import loads
from sandbox.wikibase.server import Wikibase, running_wikibase


def main() -> None:
    """Serve; the first line printed is the address."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.wikibase")
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0 finds a port")
    parser.add_argument("--directory", default=":memory:", help="where its content is kept")
    parser.add_argument("--seed", type=Path, help="entities to start with, one JSON a line")
    parser.add_argument("--cirrus", action="store_true", help="search by haswbstatement")
    given = parser.parse_args()
    with running_wikibase(given.directory, given.port) as wikibase:
        add_people(wikibase.accounts)
        wikibase.settings.cirrus_search = given.cirrus
        if given.seed:
            seed(wikibase, given.seed)
        print(wikibase.url, flush=True)
        sys.stdin.read()


def seed(wikibase: Wikibase, path: Path) -> None:
    """Put the entities of a file on the wiki that are not there yet."""
    with path.open(encoding="utf-8") as lines, wikibase.state.transaction():
        for line in lines:
            entity = loads(line)
            if wikibase.state.page(entity["id"]) is None:
                wikibase.state.seed(entity)


if __name__ == "__main__":
    main()
