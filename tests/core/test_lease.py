"""One run at a time: leases between real processes."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bots.core.lease import Lease, LeaseLostError, LeaseTakenError, is_gone, this_process
from bots.core.outcome import utcnow
from bots.core.store import Store, opened

ANOTHER_PROCESS = """
import sys, time
from bots.core.lease import Lease
from bots.core.outcome import utcnow
from bots.core.store import opened
with opened(sys.argv[1]) as store:
    lease = Lease(store, "intake", 60, utcnow).__enter__()
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_holds_the_lease(store: Store, store_url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ANOTHER_PROCESS, store_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent.parent,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(LeaseTakenError) as caught, Lease(store, "intake", 60, utcnow):
            pass
        assert f" {other.pid} " in caught.value.held.holder
        other.kill()
        other.wait()
        with Lease(store, "intake", 60, utcnow) as lease:
            assert store.leases()[0].holder == lease.holder
    assert store.leases() == []


def test_a_lease_is_renewed_while_it_is_held(tmp_path: Path) -> None:
    with (
        opened(f"sqlite:///{tmp_path}/s.sqlite") as store,
        Lease(store, "a", 0.4, utcnow) as lease,
    ):
        first = store.leases()[0].expires
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            lease.hold(0.1)
            time.sleep(0.05)
        assert store.leases()[0].expires > first + timedelta(seconds=0.5)


def test_a_lease_that_ran_out_allows_not_one_more_write(tmp_path: Path) -> None:
    with (
        opened(f"sqlite:///{tmp_path}/s.sqlite") as store,
        Lease(store, "a", 0.1, utcnow) as lease,
    ):
        time.sleep(0.15)
        with pytest.raises(LeaseLostError):
            lease.hold(0)


def test_a_lease_that_another_took_is_lost(tmp_path: Path) -> None:
    with (
        opened(f"sqlite:///{tmp_path}/s.sqlite") as store,
        Lease(store, "a", 60, utcnow) as lease,
    ):
        store.end_lease("a", lease.holder)
        store.take_lease("a", "somebody else", utcnow(), 60)
        with pytest.raises(LeaseLostError, match="somebody else"):
            lease.hold(60)


def test_a_process_on_another_machine_or_still_running_is_not_called_gone() -> None:
    host, namespace, pid, started = this_process().split(" ")
    assert not is_gone(this_process())
    assert not is_gone(f"another {namespace} 999999999 1")
    assert not is_gone(f"{host} 1 999999999 1")
    assert is_gone(f"{host} {namespace} 999999999 1")
    assert is_gone(f"{host} {namespace} {pid} {int(started) - 1}")
    assert not is_gone("nonsense")
