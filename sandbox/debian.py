"""What the sandbox needs from Debian: packages that are installed, and MediaWiki, only unpacked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from sandbox.errors import SandboxError

RUNTIME = ("php-cli", "php-sqlite3", "php-intl", "php-mbstring", "php-xml", "lua5.1")
"""What the wikis need."""
FOR_MARIADB = ("mariadb-server-core", "mariadb-client-core")
"""MariaDB's server without its service: the core packages start nothing."""
FOR_TESTS = (*FOR_MARIADB, "chromium")
"""What the tests need besides."""

_MEDIAWIKI = ("mediawiki", "mediawiki-classes")


def missing_packages(wanted: Sequence[str] = RUNTIME) -> list[str]:
    """Those of the wanted packages that are not installed, in the order given.

    Raises SandboxError where there is no dpkg.
    """
    if shutil.which("dpkg-query") is None:
        raise SandboxError(
            f"The sandbox needs the packages of Debian 12 or 13 ({', '.join(wanted)}), and this "
            "is not a Debian: run it there, or in a Debian container."
        )
    listed = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {
        name
        for name, _, state in (line.partition(" ") for line in listed.stdout.splitlines())
        if state == "installed"
    }
    return [name for name in wanted if name not in installed]


def install(packages: Iterable[str]) -> None:
    """Install packages with apt-get, through sudo when not root; nothing to install is fine.

    Raises SandboxError without apt-get or sudo, or when apt-get fails.
    """
    names = list(packages)
    if not names:
        return
    command = " ".join(["apt-get", "install", *names])
    if shutil.which("apt-get") is None:
        raise SandboxError(
            f"{', '.join(names)} must be installed and there is no apt-get: install them by "
            "other means, then try again."
        )
    if os.geteuid() != 0 and shutil.which("sudo") is None:
        raise SandboxError(
            f"{', '.join(names)} must be installed and there is no sudo: as root, run "
            f"`{command}`, then try again."
        )
    arguments = [
        "install",
        "--yes",
        "--no-install-recommends",
        "-o",
        "DPkg::Lock::Timeout=120",
        *names,
    ]
    _apt_get(arguments, as_root=True, otherwise=f"as root, run `{command}`")


def fetch_mediawiki(home: Path) -> Path:
    """Fetch Debian's MediaWiki and unpack it under home, unless it is there; its path.

    The package is not installed, since that would bring a web server. Raises SandboxError.
    """
    unpacked = home / "mediawiki"
    path = unpacked / "usr" / "share" / "mediawiki"
    if unpacked.exists():
        return path
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise SandboxError(
            "MediaWiki is taken from Debian's package and there is no apt-get: run the sandbox "
            "on Debian 12 or 13."
        )
    partial = home / "mediawiki.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    _apt_get(
        # As root, apt would warn that its own user cannot write here.
        [
            "download",
            "-o",
            f"APT::Sandbox::User={'root' if os.geteuid() == 0 else ''}",
            *_MEDIAWIKI,
        ],
        cwd=partial,
        otherwise="see that `apt-get download mediawiki` works",
    )
    for package in sorted(partial.glob("*.deb")):
        _run(["dpkg-deb", "--extract", str(package), str(partial)], f"unpack {package.name}")
        package.unlink()
    _lead_links_inside(partial)
    (partial / "usr" / "share" / "mediawiki" / "LocalSettings.php").unlink(missing_ok=True)
    partial.rename(unpacked)
    return path


def _lead_links_inside(root: Path) -> None:
    """Turn links to /usr/… and /var/… into relative ones, to what was unpacked beside them."""
    for folder, folders, files in os.walk(root):
        for link in (Path(folder, name) for name in [*folders, *files]):
            if link.is_symlink() and (target := os.readlink(link)).startswith("/"):
                inside = root / target.lstrip("/")
                link.unlink()
                link.symlink_to(os.path.relpath(inside, link.parent))


def _apt_get(
    arguments: Sequence[str], *, otherwise: str, as_root: bool = False, cwd: Path | None = None
) -> None:
    """Run apt-get; when that fails, once more after `apt-get update`."""
    if _attempt(arguments, as_root, cwd).returncode == 0:
        return
    _attempt(["update"], True, None)
    done = _attempt(arguments, as_root, cwd)
    if done.returncode != 0:
        told = [line for line in done.stderr.splitlines() if line.startswith("E:")]
        reason = (told or done.stderr.splitlines() or ["it did not say why"])[-1]
        raise SandboxError(
            f"`apt-get {arguments[0]}` failed ({reason.removeprefix('E:').strip()}): "
            f"{otherwise}, then try again."
        )


def _attempt(
    arguments: Sequence[str], as_root: bool, cwd: Path | None
) -> subprocess.CompletedProcess[str]:
    prefix: list[str] = []
    if as_root and os.geteuid() != 0:
        if shutil.which("sudo") is None:
            return subprocess.CompletedProcess([], 1, stderr="there is no sudo")
        # Without a terminal nobody could answer sudo's question.
        prefix = ["sudo"] if sys.stdin.isatty() else ["sudo", "--non-interactive"]
    return subprocess.run(
        [
            *prefix,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "LC_ALL=C",
            "apt-get",
            "-qq",
            *arguments,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        check=False,
    )


def _run(command: Sequence[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SandboxError(f"Could not {what}: {done.stderr.strip()}")
