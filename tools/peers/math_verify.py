"""Time of Math-Verify on the pairs of `doppio bench verify`, for a comparison on the same machine.

    pip install math-verify[antlr4_13_2]==0.8.0 latex2sympy2_extended==1.11.0
    npx doppio bench verify --write-pairs runs/pairs.jsonl
    python tools/peers/math_verify.py --pairs runs/pairs.jsonl [--rounds 5]

Parses both sides and verifies, with the library's defaults, time limits included, one pair at a time. Prints JSON.
"""

import argparse
import json
import logging
import statistics
import sys
import time

# This file's own folder: it would be taken for the library.
sys.path.pop(0)
from math_verify import parse, verify

logging.disable(logging.CRITICAL)
flags = argparse.ArgumentParser()
flags.add_argument("--pairs", required=True)
flags.add_argument("--rounds", type=int, default=5)
flags = flags.parse_args()

with open(flags.pairs) as file:
    pairs = [json.loads(line) for line in file if line.strip()]


def round_times():
    for pair in pairs:
        began = time.perf_counter()
        verify(parse(pair["gold"]), parse(pair["pred"]))
        yield (time.perf_counter() - began) * 1000


def summary(times):
    times = sorted(times)
    return {
        "median_ms": statistics.median(times),
        "p99_ms": times[int(0.99 * len(times))],
        "mean_ms": statistics.fmean(times),
    }


# The library and SymPy keep what they have computed: a pair that was seen before costs less.
first = list(round_times())
later = [each for _ in range(flags.rounds) for each in round_times()]
print(json.dumps({"pairs": len(pairs), "first_time": summary(first), "again": summary(later)}, indent=2))
