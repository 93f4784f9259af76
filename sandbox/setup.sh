#!/bin/bash
# Makes .venv with the pinned dependencies. Where it is there and they have not changed, it does
# nothing and needs no network. What cannot be done is said in one sentence, with exit status 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local candidate
    # /usr/bin too, since a version manager's own `python3` may refuse to run.
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if usable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "HubBot needs Python 3.11 or newer and there is none: install it (on Debian 12 or 13:" \
        "apt-get install python3), or name it with \`make PYTHON=/path/to/python\`."
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        # Without a terminal nobody could answer sudo's question.
        sudo --non-interactive "$@"
    fi
}

install_venv() {
    local by_hand="as root, run \`apt-get install python3-venv\`, then try again"
    command -v apt-get >/dev/null ||
        fail "$1 cannot make virtual environments and there is no apt-get: install its venv module."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        fail "The package python3-venv is missing and there is no sudo: $by_hand."
    say "Installing python3-venv"
    apt_install python3-venv || { apt_update && apt_install python3-venv; } ||
        fail "The package python3-venv could not be installed: see that apt-get reaches its mirror;" \
            "$by_hand."
    can_make_environments "$1" ||
        fail "$1 is not Debian's own Python and cannot make virtual environments: use another one" \
            "with \`make PYTHON=/usr/bin/python3\`."
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
        --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" >/dev/null 2>&1
}

apt_update() {
    as_root apt-get -qq update >/dev/null 2>&1
}

pip_install() {
    local said
    if ! said=$(.venv/bin/python -m pip install --quiet "$@" 2>&1); then
        say "$(grep '^ERROR' <<<"$said" | head -n 3)"
        fail "The Python dependencies could not be installed: see that pip reaches its package" \
            "index, then try again."
    fi
}

exec 9<"${BASH_SOURCE[0]}"
flock 9

# The directory counts: the environment's commands hold its path.
dependencies=$(cat requirements-dev.txt pyproject.toml | sha256sum)
made=("" "")
[ -f .venv/made-from ] && mapfile -t made <.venv/made-from
usable .venv/bin/python && [ "${made[0]}" = "$PWD" ] || made=("" "")
if [ "${made[1]:-}" = "$dependencies" ]; then
    exit 0
fi
say "Installing the Python dependencies into .venv"
if [ -z "${made[0]}" ]; then
    python=$(find_python)
    can_make_environments "$python" || install_venv "$python"
    rm -rf .venv
    "$python" -m venv .venv || fail "$python could not make .venv: see above."
fi
pip_install --require-hashes --requirement requirements-dev.txt
pip_install --no-deps --no-build-isolation --editable .
printf '%s\n' "$PWD" "$dependencies" >.venv/made-from
