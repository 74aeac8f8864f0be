# SPDX-License-Identifier: MIT
# Is a workload's target met? Arithmetic on the dictionary that measure made, nothing else.
# It must not know where a target comes from, nor print.
from . import figures, measure

MET, MISSED, UNCLEAR = "met", "missed", "cannot tell"
ANSWERS = {
    figures.YES: MET,
    figures.NO: MISSED,
    figures.UNCLEAR: UNCLEAR,
    figures.UNMEASURED: UNCLEAR,
}


def _ratio(row):
    return None if row["skipped"] else row["ratio"]


def _control(work):
    return next(_ratio(row) for row in work["rows"] if row["route"] == measure.CONTROL)


def judge(work, kinds, judged=True):
    """Adds limit and answer (None: no target, or it is not to be judged) to each row of a workload's
    result. kinds: {route: which of the workload's targets holds for it}."""
    for row in work["rows"]:
        limit = work["targets"].get(kinds.get(row["route"]))
        row["limit"], row["answer"] = limit, None
        if judged and limit is not None and not row["skipped"]:
            found = figures.verdict("", _ratio(row), _control(work), limit)
            row["answer"] = ANSWERS[found["verdict"]]


def exit_code(works):
    """0 all targets met, 1 one is missed, 2 not everything can be told."""
    answers = {row["answer"] for work in works for row in work["rows"]} - {None}
    if MISSED in answers:
        return 1
    return 0 if answers == {MET} else 2
