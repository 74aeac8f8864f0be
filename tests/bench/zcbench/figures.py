# SPDX-License-Identifier: MIT
# From seconds to ratios, from ratios to verdicts: arithmetic only.
# It must not know where a number comes from, nor read a clock, a file or an environment.
"""How a verdict is reached.

A row's figure is the median of its in-round ratios to the plain path. The interval [low, high]
holds the true median with nine chances in ten on either side (order statistics, no assumption about
the distribution; with 9 rounds it is the quartiles). A verdict is only given when the limit lies
outside of that interval and farther away than a second plain row, the control, strays from 1.
"""
import math
import statistics

DOUBT = 0.10  # chance of being wrong that is accepted on either side
MIN_ROUNDS = 4  # below this no interval exists at that certainty

YES, NO, UNCLEAR, UNMEASURED = "yes", "no", "cannot tell", "not measured"


def ratios(seconds, base):
    """Round by round; a round that either side lacks is left out."""
    return [s / b for s, b in zip(seconds, base) if s is not None and b]


def _rank(n):
    """The largest k with P(fewer than k of n fair coins show heads) <= DOUBT; 0: there is none."""
    total, k = 0.0, 0
    while k < n // 2:
        total += math.comb(n, k) / 2**n
        if total > DOUBT:
            break
        k += 1
    return k


def summary(values):
    """median, quartiles, extremes, and the interval of the median (None with too few rounds)."""
    if not values:
        return None
    ordered = sorted(values)
    n = len(ordered)
    q1, _, q3 = statistics.quantiles(ordered, n=4, method="inclusive") if n > 1 else ordered * 3
    k = _rank(n)
    return {
        "n": n,
        "median": statistics.median(ordered),
        "q1": q1,
        "q3": q3,
        "min": ordered[0],
        "max": ordered[-1],
        "low": ordered[k - 1] if k else None,
        "high": ordered[n - k] if k else None,
    }


def noise(control):
    """How far from 1 the ratio of two plain rows may lie."""
    if not control or control["low"] is None:
        return None
    return max(abs(control["low"] - 1), abs(control["high"] - 1))


def verdict(name, row, control, limit, strict=False):
    """Is the row's median at most the limit (strict: below it)?"""
    result = {
        "name": name,
        "limit": limit,
        "verdict": UNMEASURED,
        "figure": None,
        "noise": noise(control),
        "low": row and row["low"],
        "high": row and row["high"],
    }
    if not row or result["noise"] is None or row["low"] is None:
        return result
    figure = result["figure"] = row["median"]
    holds = figure < limit if strict else figure <= limit
    clear = abs(figure - limit) >= result["noise"] and not row["low"] < limit < row["high"]
    result["verdict"] = (YES if holds else NO) if clear else UNCLEAR
    return result


def exit_code(verdicts):
    """0 all hold, 1 one clearly does not, 2 not measured or too noisy to tell."""
    answers = {v["verdict"] for v in verdicts}
    if NO in answers:
        return 1
    return 0 if answers == {YES} else 2


def orders(names, rounds):
    """The order of the rows in each round: starting one further each time, and every second time
    backwards, so that nobody always follows the same neighbour."""
    n = len(names)
    return [[names[(r + (-i if r % 2 else i)) % n] for i in range(n)] for r in range(rounds)]
