#!/bin/bash
# SPDX-License-Identifier: MIT
# --article that is told to end: exit code 130, one line, out and out1 are gone, IN is as it was.
# Must not know how a copy is made; a signal that is ignored stays so.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"

# A stopped parent cannot be done before the signal comes: it finds both when it goes on.
cat >interrupt.py <<'PYTHON'
import os, signal, subprocess, sys, time

program, number, group = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "group"
for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(n, signal.SIG_DFL)
child = subprocess.Popen([program, "--article", "work/in"], start_new_session=True, stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE)
try:
    while not os.path.exists("work/out1") and child.poll() is None:
        time.sleep(0.001)
    child.send_signal(signal.SIGSTOP)
    (os.killpg if group else os.kill)(child.pid, number)
    child.send_signal(signal.SIGCONT)
    said = child.communicate(timeout=60)[1].decode()
finally:
    if child.poll() is None:
        child.kill()
print(child.returncode, said, end="")
PYTHON

mkdir work
random_file work/in 100000000
sum=$(sha256sum work/in)
for number in 2 15 1; do
	for whom in one group; do
		said=$(timeout 100 python3 interrupt.py "$ZCFS_COMPARE" "$number" "$whom") || fail "signal $number: $said"
		[[ $said == '130 zcfs-compare: work/in: interrupted (EINTR): '* ]] || fail "signal $number, $whom: $said"
		[ "$(wc -l <<<"$said")" = 1 ] || fail "signal $number, $whom: not one line: $said"
		holds work in
	done
done
[ "$(sha256sum work/in)" = "$sum" ] || fail "work/in was changed"

# nohup: SIGHUP is nothing to it
random_file work/in 1000000
# shellcheck disable=SC2016 # the inner shell's
bash -c 'trap "" HUP; "$0" --article work/in & kill -HUP $!; wait $!' "$ZCFS_COMPARE" >said 2>&1 || fail "SIGHUP: $(cat said)"
holds work in out out1
