"""`hubbot register`: the register asked on the command line, one command a kind of record."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from bots.core.config import ConfigError
from bots.core.messages import Message
from bots.core.plan import Target
from bots.core.register.asking import Asked, answers, columns_of, name_of, understand
from bots.core.register.facts import PageRecord
from bots.core.register.jsonld import as_json_ld
from bots.core.register.kinds import FieldConfig, KindConfig, in_words
from bots.core.register.opening import Open, open_register
from bots.core.register.outputs import Address, as_json, write_csv
from bots.core.register.query import QueryError
from bots.core.register.showing import plain as shown
from bots.house import House, open_house
from bots.terminal import LANGUAGE, plain

_OWN = ("where", "search", "sort", "as-of", "format", "limit", "help")
"""Options of the question itself; a field that is called so is asked for as `--field-NAME`."""

_MOST = 1_000_000
_READ = "hubbot.register"


class RegisterCommands(click.Group):
    """Ask the register: which partners, agreements, activities … there are, or were."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The kinds that the configuration has."""
        return list(_opened(ctx)[1].kinds)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command that asks for records of a kind."""
        house, register = _opened(ctx)
        if cmd_name not in register.kinds:
            there = ", ".join(register.kinds) or f"none in {house.config.folder / 'records'}"
            raise click.UsageError(f"There is no kind of record '{cmd_name}'; there are: {there}.")
        return _command(house, register, register.kinds[cmd_name])


def _command(house: House, register: Open, kind: KindConfig) -> click.Command:
    names = {f"field_{name.replace(' ', '_')}": name for name in kind.fields}

    def ask(form: str, limit: int, **said: Any) -> None:
        filters = {name: said.pop(key) for key, name in names.items()}
        asked = Asked(kind=kind.name, filters=filters, **said)
        try:
            question = understand(asked, register.kinds, register.canonical)
        except QueryError as error:
            raise click.UsageError(house.printer.say(Message(error.key, error.params))) from None
        with house.store() as store:
            among = register.records(store, question.kind, question.as_of)
            found = answers(question, register.kinds, among)
        _print(found[:limit], form, register, kind, house)
        if form == "table":
            house.printer.line(_count(len(found), limit))

    options = [_option(key, name, kind.fields[name]) for key, name in names.items()]
    return click.Command(
        kind.name,
        params=[*options, *_own_options()],
        callback=ask,
        help=in_words(kind.about, LANGUAGE),
        short_help=in_words(kind.plural, LANGUAGE),
    )


def _option(key: str, name: str, field: FieldConfig) -> click.Option:
    dashed = name.replace(" ", "-")
    about = in_words(field.about, LANGUAGE).rstrip(".")
    if field.choices:
        about += f" ({', '.join(field.choices)})"
    flag = f"--field-{dashed}" if dashed in _OWN else f"--{dashed}"
    metavar = field.type.value.upper()
    return click.Option([flag, key], multiple=True, metavar=metavar, help=f"{about}.")


def _own_options() -> list[click.Option]:
    return [
        click.Option(
            ["--where"], default="", help="Conditions, such as 'country=SE, NO; stage!=ended'."
        ),
        click.Option(["--search"], default="", help="Words that the name or a text has to have."),
        click.Option(["--sort"], default="", help="Fields to sort by; '-since' sorts downwards."),
        click.Option(
            ["--as-of"], default="", metavar="DATE", help="As it was at the end of this day."
        ),
        click.Option(
            ["--format", "form"],
            type=click.Choice(["table", "json", "csv", "jsonld"]),
            default="table",
            show_default=True,
        ),
        click.Option(["--limit"], type=click.IntRange(min=1), default=_MOST, help="At most N."),
    ]


def _print(
    found: Sequence[PageRecord], form: str, register: Open, kind: KindConfig, house: House
) -> None:
    address = _address(house)
    match form:
        case "json":
            records = [as_json(each, register.kinds, address) for each in found]
            click.echo(json.dumps({"records": records}, ensure_ascii=False, indent="\t"))
        case "jsonld":
            document = as_json_ld(found, register.kinds, address)
            click.echo(json.dumps(document, ensure_ascii=False, indent="\t"))
        case "csv":
            write_csv(sys.stdout, found, kind.name, register.kinds, address)
        case _ if found:
            house.printer.console.print(_table(found, register, kind, house))


def _table(found: Sequence[PageRecord], register: Open, kind: KindConfig, house: House) -> Table:
    def cell(name: str, values: Sequence[str]) -> Text:
        field = kind.fields[name]
        words = (
            shown(field, value, LANGUAGE, lambda key: house.printer.say(Message(key)))
            for value in values
        )
        return Text(plain(", ".join(words)))

    columns = columns_of(kind)
    table = Table(box=None, pad_edge=False)
    for name in (kind.called, *columns):
        table.add_column(in_words(kind.fields[name].label, LANGUAGE))
    for record in found:
        cells = [cell(name, record.values.get(name, ())) for name in columns]
        table.add_row(Text(plain(name_of(record, register.kinds)), style="bold"), *cells)
    return table


def _count(found: int, limit: int) -> str:
    said = "1 record" if found == 1 else f"{found} records"
    return f"{said}, of which {limit} are shown" if found > limit else said


def _address(house: House) -> Address:
    from webservice.links import WikiLinks

    links = WikiLinks(house.config)
    return lambda title: links.page(Target(house.config.hub, title))


def _opened(ctx: click.Context) -> tuple[House, Open]:
    """The house and its register, read once a command."""
    if _READ not in ctx.meta:
        try:
            house = open_house(ctx.obj)
            ctx.meta[_READ] = house, open_register(house.config, house.messages.languages)
        except ConfigError as error:
            raise click.UsageError(str(error)) from None
    found: tuple[House, Open] = ctx.meta[_READ]
    return found
