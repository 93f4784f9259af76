"""What an edit leaves for later is done when its answer arrives."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from sandbox.client import Client
from sandbox.mediawiki import Sandbox


def test_no_job_is_left_and_no_edit_waits_for_one_that_cannot_be_done(wikis: Sandbox) -> None:
    bot = Client(wikis.hub, wikis.accounts.bot)
    bot.edit("Category:Letters", "All of them.")
    began = time.monotonic()
    for letter in "ABCDE":
        bot.edit(f"Project:{letter}", f"{letter}, after [[Project:A]]. [[Category:Letters]]")
    # A job that fails is tried again until the time for jobs, ten seconds an edit, is over.
    assert time.monotonic() - began < 10
    database = wikis.hub.directory / "database" / "hub.sqlite"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        assert connection.execute("SELECT job_cmd, job_params FROM job").fetchall() == []
