"""The sandbox's part of the `hubbot` command."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from sandbox import demo as demos
from sandbox import domains, mediawiki
from sandbox.errors import SandboxError
from sandbox.mediawiki import Ports

P = ParamSpec("P")


def _says_what_is_missing(command: Callable[P, None]) -> Callable[P, None]:
    """End a command with one sentence, and status 1, where the sandbox can't work."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except SandboxError as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return wrapped


def _ports(command: Callable[..., None]) -> Callable[..., None]:
    for name, port in vars(Ports()).items():
        command = click.option(
            f"--{name}-port", default=port, show_default=True, type=click.IntRange(1, 65535)
        )(command)
    return command


@click.group()
def sandbox() -> None:
    """Three real MediaWikis on this machine, to try things on."""


@sandbox.command()
@_ports
@_says_what_is_missing
def up(hub_port: int, media_port: int, sv_port: int) -> None:
    """Bring the wikis up, installing what is missing."""
    wikis = mediawiki.up(ports=Ports(hub_port, media_port, sv_port), progress=click.echo)
    for wiki in wikis.wikis:
        click.echo(f"{wiki.name}: {wiki.url}")


@sandbox.command()
@_says_what_is_missing
def down() -> None:
    """End the wikis' servers; what is on the wikis stays."""
    mediawiki.down()


@sandbox.command()
@_says_what_is_missing
def reset() -> None:
    """Set the wikis back to how they were installed, and forget what the demo's store knew."""
    mediawiki.reset()
    demos.forget()


@sandbox.command()
@_says_what_is_missing
def status() -> None:
    """Say which wikis are up."""
    states = mediawiki.status()
    for state in states:
        click.echo(f"{state.name}: {state.url} {'up' if state.pid else 'down'}")
    if not states:
        click.echo("There is no sandbox yet; 'hubbot sandbox up' makes one.")


@click.command()
@click.option("--once", is_flag=True, help="Print the summary and end everything again.")
@click.option("--dashboard-port", default=demos.DASHBOARD_PORT, show_default=True)
@click.option("--wikidata-port", default=domains.PORT, show_default=True)
@_ports
@_says_what_is_missing
def demo(
    once: bool,
    dashboard_port: int,
    wikidata_port: int,
    hub_port: int,
    media_port: int,
    sv_port: int,
) -> None:
    """The sandbox with something on it, one run of every bot, and the dashboard."""
    try:
        ports = Ports(hub_port, media_port, sv_port)
        with (
            demos.started(ports, wikidata_port, dashboard_port, click.echo) as up,
            demos.dashboard(up.house, dashboard_port) as address,
        ):
            click.echo("")
            for line in demos.summary(up, address):
                click.echo(line)
            if not once:
                click.echo("\nCtrl-C ends it all; what is on the wikis stays.")
                _until_interrupted()
    finally:
        mediawiki.down()
    if any(run.state != "finished" for run in up.ended):
        sys.exit(1)


def _until_interrupted() -> None:
    interrupted = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.set())
    interrupted.wait()
