# SPDX-License-Identifier: MIT
# The workloads of issue 5 as tables: what is run, on what, and how long it may take (times plain).
# It must not know which route is which, nor run anything.
"""A chain is some workloads that follow each other in one run of a route: what one made, the next
uses. Commands may name {data} {over} {names} {tree} {project} (shared by all routes), {own} (the
route's folder), {helper}, {archive} and {count}."""
from . import machine, tree

DATA_SIZE, OVER_SIZE = 64 * machine.MIB, 16 * machine.MIB
GIT = "git -c gc.auto=0 -c user.name=bench -c user.email=bench@localhost -C {own}/repository"
# its data beside the files: a repository for each round
EACH_GIT = GIT.replace("-C {own}/repository", "--git-dir={own}/git-{turn} --work-tree={own}/added")
SMALL, COPIED, PROJECT = "{own}/small-{turn}", "{own}/copied-{turn}", "{own}/project-{turn}"
UNTARRED = "{own}/untarred-{turn}"
UNTAR = f"tar -xf {{archive}} -C {UNTARRED}"
PARALLEL = 'cd "$1" && find . -type f -print0 | xargs -0 -P2 -n 200 grep -l "$2" | cat'


def _argv(command):
    return command.split() if isinstance(command, str) else command


class Workload:
    def __init__(self, name, argv, targets=(None, None), *, peers="", count=0, files=1, **how):
        self.name, self.argv, self.count = name, _argv(argv), count
        self.files = files  # what requests are divided by: files, names or blocks
        # times plain: at most, for a zcfs that passes file data through and for one that caches
        self.targets = dict(zip(("passthrough", "cached"), targets))
        self.peers = peers  # what libfuse's examples and bindfs were seen to take
        self.clock = how.pop("clock", self.argv[0] == "{helper}")  # prints its own nanoseconds
        self.before = [_argv(c) for c in how.pop("before", [])]  # untimed, through the route
        self.after = [_argv(c) for c in how.pop("after", [])]
        self.warm = how.pop("warm", False)  # run once untimed just before: names are known again
        self.cold = how.pop("cold", False)  # the kernel's caches are dropped just before
        self.forget = how.pop("forget", False)  # names are forgotten again afterwards
        self.writes = how.pop("writes", False)  # the disk is synced just before
        self.found = how.pop("found", None)  # the lines to be printed, sorted
        self.check_plane = how.pop("check_plane", False)
        assert not how, how


class Chain:
    def __init__(self, *works, setup=()):
        self.works = works
        self.setup = [_argv(c) for c in setup]  # once a route


class Sizes:
    """How much of everything: the native run should take 2 to 400 ms."""

    def __init__(self, quick):
        self.files, self.folders = (300, 40) if quick else (9100, 700)
        self.blocks = 500 if quick else 16384
        self.direct = 50 if quick else 1000
        self.opens = 200 if quick else 4000
        self.stats = 1000 if quick else 20000
        self.creates = 100 if quick else 2000
        self.mib = 4 if quick else 64
        self.units = 4 if quick else 24


def _data(s):
    def loop(name, verb, count, **how):
        limit = how.pop("limit", 1.03)
        place = how.pop("file", "{data}")
        return Chain(
            Workload(
                name,
                ["{helper}", verb, place, "{count}"],
                (limit, None),
                peers=how.pop("peers", "1.0-1.2"),
                count=count,
                check_plane=True,
                **how,
            )
        )

    over = {"file": "{over}", "writes": True}
    return [
        loop("seq-read-4k", "seqread", s.blocks),
        loop("rand-read-4k", "randread", s.blocks),
        loop("mmap", "mapread", 1),
        loop("sendfile-socket", "socket", 1),
        loop("direct-read-4k", "directread", s.direct),
        loop("overwrite-1m", "overwrite1m", s.mib, **over),
        loop("overwrite-4k", "overwrite", s.blocks, limit=1.10, peers="1.03-11", **over),
        Chain(
            Workload(
                "copy-file-range",
                "{helper} copyrange {data} {own}/copy",
                (1.03, None),
                peers="1.0-1.2",
                writes=True,
                after=["rm -f {own}/copy"],
            )
        ),
    ]


def _names(s):
    def loop(name, verb, count, targets, peers):
        argv = ["{helper}", verb, "{names}", "{count}"]
        how = {"count": count, "files": count, "warm": True}
        return Chain(Workload(name, argv, targets, peers=peers, **how))

    return [
        loop("open-close", "opens", s.opens, (6, 1.3), "27"),
        loop("open-read-close", "reads", s.opens, (5, 1.4), "19"),
        loop("stat-known", "stats", s.stats, (1.05, 1.05), "1.0-36"),
        loop("stat-missing", "misses", s.stats, (1.05, 1.05), "1.0-36"),
        Chain(
            Workload(
                "create-small",
                ["{helper}", "creates", SMALL, "{count}"],
                (1.6, 1.6),
                peers="2.3-3.5",
                count=s.creates,
                files=s.creates,
                before=["mkdir " + SMALL],
                writes=True,
                forget=True,
            )
        ),
    ]


def _walks(s, needles):
    def walk(name, argv, targets, peers, **how):
        how = how or {"warm": True}
        return Chain(Workload(name, argv, targets, peers=peers, files=s.files, **how))

    def lines(prefix):
        return sorted(prefix + needle for needle in needles)

    return [
        walk("find-warm", "find {tree}", (1.2, 1.2), "1.8"),
        walk("find-cold", "find {tree}", (1.8, 1.8), "2.3-5.8", cold=True),
        walk(
            "grep-r",
            f"grep -rl {tree.NEEDLE} {{tree}}",
            (4, 1.5),
            "11-13",
            warm=True,
            found=lines("{tree}/"),
        ),
        walk(
            "grep-parallel",
            ["sh", "-c", PARALLEL, "sh", "{tree}", tree.NEEDLE],
            (4, 1.5),
            "11-13",
            warm=True,
            found=lines("./"),
        ),
        # not to /dev/null: tar would notice and read nothing
        walk("tar-create", "tar -cf /dev/zero -C {tree} .", (3, None), "7.6-8.5"),
    ]


def _trees(s, part_files):
    """part_files: how many files each folder at the top of the tree has."""
    copied = [f"{UNTARRED}/part0", f"{UNTARRED}/part1"]
    return [
        Chain(
            Workload(
                "untar",
                UNTAR,
                (1.3, 1.3),
                peers="1.7-1.9",
                files=s.files,
                before=["mkdir " + UNTARRED],
                writes=True,
            ),
            Workload(
                "cp-r",
                ["cp", "-r"] + copied + [COPIED],
                (3, 3),
                peers="7-8",
                files=sum(part_files[:2]),
                before=["mkdir " + COPIED],
                writes=True,
                forget=True,
            ),
        ),
        Chain(
            Workload(
                "git-add",
                EACH_GIT + " add -A",
                (1.5, None),
                peers="2.4-2.8",
                files=part_files[0],
                before=[EACH_GIT + " init -q"],
                writes=True,
                forget=True,
            ),
            setup=["cp -r {tree}/part0 {own}/added"],
        ),
        Chain(
            Workload(
                "git-status",
                GIT + " status --porcelain",
                (1.1, 1.1),
                peers="1.2-1.5",
                files=s.files,
                warm=True,
                found=[],
            ),
            setup=[
                "cp -r {tree} {own}/repository",
                GIT + " init -q",
                GIT + " add -A",
                GIT + " commit -qm all",
            ],
        ),
        Chain(
            Workload(
                "make",
                f"make -s -j2 CC=cc -C {PROJECT}",
                files=s.units + 1,
                before=["cp -r {project} " + PROJECT],
                writes=True,
            )
        ),
    ]


def _removals(s):
    """Of what other workloads have made, if they were run."""

    def unless_there(path, make):
        return ["sh", "-c", f"test -d {path} || {{{{ mkdir {path} && {make}; }}}}"]

    def removal(name, argv, files, peers, before, **how):
        how = {"files": files, "peers": peers, "writes": True, **how}
        return Chain(Workload(name, argv, (3, 3), before=[before], **how))

    creates = f"{{helper}} creates {SMALL} {s.creates}"
    return [
        removal(
            "unlink-small",
            ["{helper}", "unlinks", SMALL, "{count}"],
            s.creates,
            "6.6-12",
            unless_there(SMALL, creates),
            count=s.creates,
        ),
        removal("rm-rf", "rm -rf " + UNTARRED, s.files, "6-8", unless_there(UNTARRED, UNTAR)),
    ]


def table(sizes, needles, part_files):
    """All chains in order. needles: the paths that grep must find."""
    made = _data(sizes) + _names(sizes) + _walks(sizes, needles) + _trees(sizes, part_files)
    return made + _removals(sizes)


def names():
    return [w.name for chain in table(Sizes(False), [], [0] * tree.PARTS) for w in chain.works]


def chosen(chains, wanted):
    """The chains that a wanted workload is in."""
    return [c for c in chains if any(w.name in wanted for w in c.works)]
