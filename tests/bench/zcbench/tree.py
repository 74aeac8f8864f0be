# SPDX-License-Identifier: MIT
# What the workloads work on: a source tree made up from a seed, a project to build, a few small files.
# It must not mount or time anything; the same arguments always give the same files.
import os
import random

NEEDLE = "zc_needle_in_the_tree"
SEED = 5
PARTS = 6  # folders at the top
TREE, NAMES, PROJECT = "tree", "names", "project"
MEDIAN, SPREAD, LARGEST = 3072, 1.0, 300 << 10
POOL = 2 << 20
SYLLABLES = "buf cnt dev err fd get idx key len map node op ptr ref set tmp val wr zone io".split()
NAME_COUNT = 64
UNIT_FUNCTIONS = 12


def _word(rng):
    return "_".join(rng.choices(SYLLABLES, k=rng.randint(1, 3)))


def _line(rng):
    a, b, c = _word(rng), _word(rng), _word(rng)
    return rng.choice(
        [
            f"\tif ({a}->{b} < {rng.randint(0, 999)})\n",
            f"\t\treturn {a}({b}, {c});\n",
            f"\t{a} = {b}[{rng.randint(0, 63)}] + {c};\n",
            f"static int {a}(struct {b} *{c})\n{{\n",
            f"\tfor (int i = 0; i < {a}; i++)\n\t\t{b}({c}, i);\n}}\n\n",
            f"/* {a} is {b} unless {c} was asked for before. */\n",
            f"#define {a.upper()} 0x{rng.randint(0, 65535):04x}\n",
        ]
    )


def _pool(rng):
    """Text to cut files from: made once, since it is slow."""
    lines, size = [], 0
    while size < POOL:
        lines.append(_line(rng))
        size += len(lines[-1])
    return "".join(lines)


def _size(rng, number):
    """One file is as large as they get, the others as source files are: many small, few large."""
    return LARGEST if number == 0 else min(LARGEST, int(MEDIAN * rng.lognormvariate(0, SPREAD)))


def _folders(rng, count):
    """Relative paths, a parent before its children: parts at the top, then two or three levels."""
    found = [f"part{i}" for i in range(PARTS)]
    while len(found) < count:
        parent = rng.choice(found)
        if parent.count("/") < 3:
            found.append(f"{parent}/{_word(rng)}{len(found)}")
    return found


def make(place, files, folders):
    """The tree: files over folders at place/TREE. Returns the paths that hold the NEEDLE, sorted,
    relative to the tree."""
    rng = random.Random(SEED)
    pool, names = _pool(rng), _folders(rng, folders)
    needles = set(rng.sample(range(files), max(2, files // 700)))
    held = []
    for name in names:
        os.makedirs(os.path.join(place, TREE, name))
    for i in range(files):
        path = f"{names[i % folders]}/{_word(rng)}{i}.{'h' if i % 4 == 0 else 'c'}"
        size, start = _size(rng, i), rng.randrange(len(pool))
        text = f"/* {path} */\n" + (pool[start:] + pool)[:size]
        if i in needles:
            held.append(path)
            text += f"\nint {NEEDLE};\n"
        with open(os.path.join(place, TREE, path), "w", encoding="ascii") as f:
            f.write(text)
    return sorted(held)


def make_names(place):
    """A few files of 3 KiB in one folder, to open and stat again and again."""
    os.mkdir(os.path.join(place, NAMES))
    for i in range(NAME_COUNT):
        with open(os.path.join(place, NAMES, f"name{i}"), "wb") as f:
            f.write(bytes([65 + i % 26]) * MEDIAN)


def _function(unit, number):
    return (
        f"int unit{unit}_{number}(int a, int b)\n{{\n\tint sum = LIMIT;\n\n"
        f"\tfor (int i = a; i < b; i++)\n\t\tsum += i * {number + 3} ^ (sum >> {unit % 7 + 1});\n"
        f"\treturn sum;\n}}\n\n"
    )


def _files_of_project(units):
    """{name: text} of a program of so many files and one more that share a header."""
    units = range(units)
    text = {"all.h": "#define LIMIT 7\n" + "".join(f"int unit{u}_0(int a, int b);\n" for u in units)}
    for u in units:
        body = "".join(_function(u, n) for n in range(UNIT_FUNCTIONS))
        text[f"unit{u}.c"] = f'#include <stdio.h>\n#include "all.h"\n\n{body}'
    calls = " + ".join(f"unit{u}_0(0, {u})" for u in units)
    text["main.c"] = f'#include "all.h"\n\nint main(void)\n{{\n\treturn ({calls}) == 1;\n}}\n'
    objects = " ".join([f"unit{u}.o" for u in units] + ["main.o"])
    text["Makefile"] = (
        f"OBJECTS = {objects}\nprogram: $(OBJECTS)\n\t$(CC) -o $@ $(OBJECTS)\n$(OBJECTS): all.h\n"
    )
    return text


def make_project(place, units):
    folder = os.path.join(place, PROJECT)
    os.mkdir(folder)
    for name, text in _files_of_project(units).items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as f:
            f.write(text)
