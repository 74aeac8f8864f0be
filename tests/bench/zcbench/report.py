# SPDX-License-Identifier: MIT
# The result as text for people.
# It must not compute a figure: what it prints is in the dictionary that measure made.
from . import figures


def machine_lines(m, what):
    """What was measured on what; no binary: none was."""
    lines = [
        f'{what}; {m["file_system"]}, kernel {m["kernel"]}, '
        f'{m["cpus"]} CPUs, load {m["load_before"]:.2f}'
    ]
    if m["binary"]:
        lines.append(f'measured: {m["binary"]} ({m["version"]}; {m["build"]})')
        if not m["optimised"]:
            lines.append(
                "warning: not known to be an optimised build; meson setup --buildtype=release"
            )
    return lines


def other_work(m):
    return f'other work while our clock ran: {m["other_work"]:.2f} processors'


def head(result):
    what = f'{result["size_mib"]} MiB, {result["rounds"]} rounds'
    lines = machine_lines(result["machine"], what)
    if result["stand_in"]:
        lines.append(
            "stand-in: bind mounts in place of the daemon, so all ratios should be near 1.00"
        )
    return lines + [f"missing: {reason}" for reason in result["missing"]]


def _cell(value, form):
    return "-" if value is None else format(value, form)


def _row(row):
    if row["skipped"]:
        return f'  {row["label"]:<15} not measured: {row["skipped"].splitlines()[0]}'
    ratio = row["ratio"]
    return (
        f'  {row["label"]:<15}{ratio["median"]:>7.2f}{ratio["q1"]:>9.2f} ..{ratio["q3"]:>6.2f}'
        f'{ratio["min"]:>9.2f} ..{ratio["max"]:>6.2f}{row["median_seconds"] * 1000:>11.1f}'
        f'{_cell(row["daemon_cpu"], ".3f"):>11}{_cell(row["requests"], ".0f"):>10}'
    )


def work(w):
    title = f'{w["label"]}' + ("" if w["verdict"] else "   (for information)")
    return [
        "",
        title,
        f'  {"times plain":<15}{"median":>7}{"quartiles":>17}{"extremes":>17}'
        f'{"median ms":>11}{"daemon CPU":>11}{"requests":>10}',
    ] + [_row(row) for row in w["rows"]]


def _verdict(v):
    if v["figure"] is None:
        return f'{v["name"]}: {v["verdict"]}'
    why = ""
    if v["verdict"] == figures.UNCLEAR and abs(v["figure"] - v["limit"]) < v["noise"]:
        why = f'; two plain rows stray by {v["noise"]:.2f}: too noisy'
    elif v["verdict"] == figures.UNCLEAR:
        why = f'; between {v["low"]:.2f} and {v["high"]:.2f}: too noisy'
    return f'{v["name"]}: {v["verdict"]} ({v["figure"]:.2f}{why})'


def tail(result):
    lines = ["", other_work(result["machine"])]
    if result["verdicts"] is None:
        return lines + ["no verdict: " + result["why_no_verdict"]]
    lines += [_verdict(v) for v in result["verdicts"]]
    if any(v["verdict"] == figures.UNCLEAR for v in result["verdicts"]):
        lines.append("cannot tell: run again when the machine is quiet, or with more --rounds")
    return lines
