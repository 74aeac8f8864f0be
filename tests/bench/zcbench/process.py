# SPDX-License-Identifier: MIT
# Programs with a limit: run one, time one, stop one. Nothing here waits for ever.
# It must not know what the programs do, nor about mounts.
import os
import select
import signal
import subprocess
import time

STOP_SECONDS = 10


class Failed(Exception):
    """A program failed or did not end in time; the text is for the user."""


def _wait(pid, limit):
    """True when the child ended within the limit; it is not reaped."""
    fd = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        return bool(poll.poll(max(0, limit) * 1000))
    finally:
        os.close(fd)


def end(child, *signals):
    """Sends each signal in turn until the child ends, then reaps it. False when nothing helps."""
    for sig in signals or (signal.SIGTERM, signal.SIGKILL):
        if child.returncode is not None:
            return True
        try:
            os.killpg(child.pid, sig)
        except ProcessLookupError:
            pass
        if _wait(child.pid, STOP_SECONDS):
            child.wait()
            return True
    return child.returncode is not None


def spawn(argv, **popen):
    """In a session of its own: Ctrl-C reaches only us, and we end things in the right order."""
    popen.setdefault("stdin", subprocess.DEVNULL)
    try:
        return subprocess.Popen(argv, start_new_session=True, **popen)
    except OSError as e:
        raise Failed(f"{argv[0]}: {e.strerror}") from None


def timed(argv, limit, quiet=False):
    """Runs to the end: (wall seconds, CPU seconds, stdout). Failed on a bad exit or the limit.
    Quiet: stdout is /dev/null. Otherwise little output is expected, less than a pipe holds."""
    stdout = subprocess.DEVNULL if quiet else subprocess.PIPE
    start = time.monotonic()
    child = spawn(argv, stdout=stdout, stderr=subprocess.PIPE)
    try:
        ended = _wait(child.pid, limit)
        seconds = time.monotonic() - start
        if not ended:
            raise Failed(f'{" ".join(argv)}: no end within {limit} s')
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out = "" if quiet else child.stdout.read().decode()
        err = child.stderr.read().decode().strip()
        if child.returncode:
            raise Failed(f'{" ".join(argv)}: exit {child.returncode}: {err}')
        return seconds, usage.ru_utime + usage.ru_stime, out
    finally:
        end(child, signal.SIGKILL)
        if child.stdout:
            child.stdout.close()
        child.stderr.close()


def run(argv, limit=60):
    return timed(argv, limit)[2]


def cpu_seconds(pid):
    """User and system time of all threads, past ones too; None when it is gone."""
    try:
        # the clock of another process: clock_getcpuclockid(3), which Python does not have
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return None
