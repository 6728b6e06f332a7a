"""How often Math-Verify agrees with the truth set of @doppio/math-verify-reward, and on which side it errs.

    pip install math-verify[antlr4_13_2]==0.8.0 latex2sympy2_extended==1.11.0
    python tools/peers/math_verify_truth.py

The library's defaults. Gold answers with LaTeX in them are given in dollars, as it expects them. Debatable pairs do not
count. Prints JSON.
"""

import json
import logging
import re
import sys
from pathlib import Path

# This file's own folder: its sibling would be taken for the library.
sys.path.pop(0)
from math_verify import parse, verify

logging.disable(logging.CRITICAL)
folder = Path(__file__).parents[2] / "packages/plugins/math-verify-reward/test/truth"


def gold_text(gold):
    return f"${gold}$" if re.search(r"[\\^_{]", gold) and "$" not in gold and "boxed" not in gold else gold


counts = {"pairs": 0, "right": 0, "wrongly_equal": 0, "wrongly_different": 0}
categories = {}
for file in sorted(folder.glob("*.json")):
    category = categories[file.stem] = {"pairs": 0, "right": 0}
    for pair in json.loads(file.read_text()):
        if pair.get("debatable"):
            continue
        equal = bool(verify(parse(gold_text(pair["gold"])), parse(pair["prediction"])))
        category["pairs"] += 1
        category["right"] += equal == pair["equal"]
        counts["right" if equal == pair["equal"] else "wrongly_equal" if equal else "wrongly_different"] += 1
    counts["pairs"] += category["pairs"]
print(json.dumps({**counts, "categories": categories}, indent=2))
