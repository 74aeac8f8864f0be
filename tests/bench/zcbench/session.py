# SPDX-License-Identifier: MIT
# The life of a benchmark: a work folder, signals, routes started and stopped, nothing left behind.
# It must not know what is measured.
import argparse
import contextlib
import os
import shutil
import signal
import sys
import tempfile

from . import process, routes

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


class Interrupted(BaseException):
    pass


def _on_signal(number, _frame):
    """Once: what follows is the clean-up, bounded, and not to be interrupted."""
    _ignore_signals()
    raise Interrupted(number)


def _ignore_signals():
    for s in SIGNALS:
        signal.signal(s, signal.SIG_IGN)


def positive(text):
    """For argparse: a whole number from 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _start(stack, route):
    """A route that does not start is a row that says why; the others are measured all the same."""
    stack.callback(_stop, route)
    try:
        route.start()
    except process.Failed as e:
        route.skipped = str(e)


def _stop(route):
    try:
        route.stop()
    except process.Failed as e:
        print(f"bench: {e}", file=sys.stderr)


@contextlib.contextmanager
def started(found):
    """All routes at once; on the way out each is stopped."""
    with contextlib.ExitStack() as stack:
        for route in found:
            _start(stack, route)
        yield


def _remove(work):
    """Never walks into a mount that would not go."""
    for point in routes.mounts_under(work):
        routes.unmount(point)
    if routes.mounts_under(work):
        print(f"bench: {work}: something is still mounted there, left in place", file=sys.stderr)
    else:
        shutil.rmtree(work, ignore_errors=True)


def run(directory, body):
    """body(work folder in directory) -> exit code; 2 when it failed, 128 + signal when interrupted."""
    for s in SIGNALS:
        signal.signal(s, _on_signal)
    work = None
    try:
        work = tempfile.mkdtemp(prefix=".zc-bench-", dir=os.path.abspath(directory))
        return body(work)
    except (process.Failed, OSError) as e:
        print(f"bench: {e}", file=sys.stderr)
        return 2
    except Interrupted as e:
        print("bench: interrupted, cleaned up", file=sys.stderr)
        return 128 + e.args[0]
    finally:
        _ignore_signals()
        if work:
            _remove(work)


def no_zcfs():
    """Says that there is nothing to measure; the exit code."""
    print(
        "bench: no zcfs: build it (meson setup --buildtype=release build-release; "
        "ninja -C build-release) "
        "or name it in ZCFS",
        file=sys.stderr,
    )
    return 2


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def say(lines):
    progress("")
    print("\n".join(lines), flush=True)


def write(path, text):
    """Whole or not at all; no path: nothing."""
    if path:
        with open(path + ".new", "w", encoding="utf-8") as f:
            f.write(text)
        os.replace(path + ".new", path)
