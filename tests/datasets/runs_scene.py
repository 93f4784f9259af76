"""Rows and items as the tests of whole runs have them, and what was told."""

from __future__ import annotations

from typing import Any

from tests.datasets.scene import Stage, row


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [row(f"X-{number}", **more) for number in range(1, count + 1)]


def items(stage: Stage, count: int) -> None:
    for number in range(1, count + 1):
        stage.item(f"Q{number}", f"X-{number}")


def messages(stage: Stage) -> set[str]:
    return {each.finding.message.key for each in stage.findings()}
