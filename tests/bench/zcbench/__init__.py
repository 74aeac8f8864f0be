# SPDX-License-Identifier: MIT
# The rooms of the benchmark: figures (pure), process, machine, routes, peers, works, report, chart.
# None of them may know the command line; that is ../run's.
