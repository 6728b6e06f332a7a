"""Reference values for packages/core/src/statistics, from SciPy.

    pip install scipy
    python tools/golden/statistics.py > packages/core/test/fixtures/statistics.json
"""

import json
import math

import numpy as np
import scipy
from scipy import special, stats


def interval(result):
    return [float(result.low), float(result.high)]


def wilson(k, n, level):
    test = stats.binomtest(k, n)
    return interval(test.proportion_ci(confidence_level=level, method="wilson"))


def clustered(fractions, level=0.95):
    return interval(stats.ttest_1samp(fractions, 0).confidence_interval(level))


def paired(first, second):
    difference = np.asarray(second) - np.asarray(first)
    case = {"first": list(first), "second": list(second), "difference": float(difference.mean())}
    if set(np.unique(difference)) <= {-1, 0, 1}:
        better, worse = int((difference > 0).sum()), int((difference < 0).sum())
        changed = better + worse
        case["method"] = "mcnemar"
        case["pValue"] = float(stats.binomtest(better, changed, 0.5).pvalue) if changed else 1.0
        n = len(difference)
        p, q = (better + 1) / (n + 2), (worse + 1) / (n + 2)
        half = stats.norm.ppf(0.975) * math.sqrt((p + q - (p - q) ** 2) / (n + 2))
        case["interval"] = [max(-1.0, p - q - half), min(1.0, p - q + half)]
    else:
        case["method"] = "sign-flip"
        test = stats.permutation_test(
            (difference,), np.mean, permutation_type="samples", n_resamples=np.inf
        )
        case["pValue"] = float(test.pvalue)
        case["interval"] = interval(stats.ttest_rel(second, first).confidence_interval(0.95))
    return case


rng = np.random.default_rng(7)


def fractions(n, k, p):
    return (rng.binomial(k, p, n) / k).tolist()


probabilities = [1e-12, 1e-6, 0.001, 0.025, 0.1, 0.3, 0.5, 0.7, 0.9, 0.975, 0.999, 1 - 1e-9]
degrees = [1, 2, 3, 4.5, 10, 29, 100, 499, 10000]
quantile_probabilities = [1e-6, 0.001, 0.025, 0.2, 0.5, 0.8, 0.975, 0.9995]
points = [-30, -8, -3.3, -1.96, -0.5, 0, 0.5, 1, 2.1, 2.9, 5, 8]
gamma_points = [0.01, 0.5, 1, 1.5, 2, 3.7, 10, 100.5, 1e4, 1e6]
binomials = [
    (0, 1, 0.5), (3, 10, 0.5), (7, 10, 0.2), (0, 30, 0.5), (14, 30, 0.5),
    (250, 500, 0.5), (200, 500, 0.5), (9, 1000, 0.01), (10, 10, 0.3),
]
betas = [(0.5, 0.5, 0.3), (2, 3, 0.5), (10, 0.5, 0.99), (50, 0.5, 0.2), (250, 250, 0.51), (5000, 0.5, 0.9999)]
proportions = [(0, 10, 0.95), (10, 10, 0.95), (1, 1, 0.95), (3, 30, 0.95), (15, 30, 0.99), (420, 500, 0.95), (1, 1319, 0.9)]

ones = lambda *groups: [float(v) for v, n in groups for _ in range(n)]

cases = {
    "generator": f"tools/golden/statistics.py, SciPy {scipy.__version__}",
    "logGamma": [[x, float(special.gammaln(x))] for x in gamma_points],
    "binomialCdf": [[k, n, p, float(stats.binom.cdf(k, n, p))] for k, n, p in binomials],
    "incompleteBeta": [[a, b, x, float(special.betainc(a, b, x))] for a, b, x in betas],
    "normalCdf": [[z, float(stats.norm.cdf(z))] for z in points],
    "normalQuantile": [[p, float(stats.norm.ppf(p))] for p in probabilities],
    "studentTCdf": [[t, d, float(stats.t.cdf(t, d))] for d in degrees for t in points],
    "studentTQuantile": [[p, d, float(stats.t.ppf(p, d))] for d in degrees for p in quantile_probabilities],
    "wilson": [[k, n, level, wilson(k, n, level)] for k, n, level in proportions],
    "clustered": [
        {"fractions": f, "mean": float(np.mean(f)), "interval": clustered(f)}
        for f in (fractions(30, 16, 0.3), fractions(8, 4, 0.5), fractions(50, 4, 0.7), [0.25, 0.75])
    ],
    "paired": [
        paired(ones((0, 9), (1, 21)), ones((1, 6), (0, 3), (0, 1), (1, 20))),
        paired(ones((0, 10)), ones((1, 10))),
        paired(ones((1, 5), (0, 5)), ones((1, 5), (0, 5))),
        paired(ones((0, 40), (1, 60)), ones((1, 24), (0, 16), (0, 8), (1, 52))),
        paired(fractions(10, 4, 0.4), fractions(10, 4, 0.6)),
        paired(fractions(14, 16, 0.3), fractions(14, 16, 0.35)),
        paired([0.25, 0.5, 0.75], [0.5, 0.75, 0.75]),
    ],
    "pairedLarge": paired(fractions(20, 16, 0.4), fractions(20, 16, 0.47)),
}
lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in cases.items()]
print("{\n" + ",\n".join(lines) + "\n}")
