"""The registry's twelve real releases, replayed in order while people edit between any two.

`shared/data/ror` beside the project: 15,771 records as released, with all their real faults. The
wiki is a stand-in on which four fifths of the items that the registry names carry its identifier,
and a third have statements of their own. The mapping is the project's own
(`config/datasets/research-organisations.yaml`), but that new items are made without asking people,
which is the harder case, and that references name a source. After each release people do 150
things to the items (`bench/life/acts.py`), most often to organisations of which a later release
speaks, now and then just between HubBot's look and its edit; and decide about differences.

What became of people's edits is judged by `bench/life/judge.py` from the wiki's histories.
`writes_per_changed_item`: requests that wrote to items, over the items that were changed, run by
run (a release that makes items is followed by a run that links them). Then all organisations as
they were last released are given once more, twice: what the second of these runs edits is
`replay_again_edits`, and what it asks the wiki for is `replay_again_requests_per_500`, for every
500 organisations.
"""

from __future__ import annotations

from bench.harness import Table, record
from bench.replay.replaying import replay


def main() -> None:
    found = replay()
    verdict = found.verdict
    record(
        "ror",
        {
            "people_edits_lost": len(verdict.edits_lost),
            "double_statements": len(verdict.double_statements),
            "double_items": len(verdict.double_items),
            "false_conflicts": len(verdict.false_conflicts),
            "writes_per_changed_item": found.writes / found.changed,
            "replay_again_edits": found.again_edits,
            "replay_again_requests_per_500": found.again_requests / (found.again_records / 500),
            "records_released": found.records,
            "items_changed": found.changed,
            "people_acts": found.acts,
            "people_edits": verdict.peoples,
        },
        tables=[
            Table(
                "What is told of the registry at the end",
                ["findings"],
                {key: [number] for key, number in found.findings.items()},
            )
        ],
    )


if __name__ == "__main__":
    main()
