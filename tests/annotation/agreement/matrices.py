"""Writes 100 random rating matrices with the coefficients of krippendorff and scikit-learn.

    python3 -m venv v && v/bin/pip install krippendorff==0.9.0 scikit-learn==1.9.1
    v/bin/python tests/annotation/agreement/matrices.py > tests/annotation/agreement/matrices.tsv

Tab-separated fields: the coders' ratings, separated by `/`, `.` for a missing rating;
Krippendorff's α (nominal); Cohen's κ of the first two coders over the units that both rated.
`undefined` if the package raises an error or returns NaN.
"""

import random
import warnings

import krippendorff
import numpy
from sklearn.metrics import cohen_kappa_score

warnings.simplefilter("ignore")
random.seed(2024)


def matrix(number):
    coders, units = random.randint(2, 5), random.randint(2, 30)
    values = 1 if number % 20 == 0 else random.randint(2, 5)
    missing = random.choice([0, 0, 0.1, 0.4])
    agree = random.choice([0, 0.3, 0.7, 0.95])
    rows = [[] for _ in range(coders)]
    for _ in range(units):
        truth = random.randrange(values)
        for row in rows:
            rating = truth if random.random() < agree else random.randrange(values)
            row.append(None if random.random() < missing else rating)
    return rows


def number(compute):
    try:
        value = float(compute())
    except (ValueError, AssertionError, ZeroDivisionError):
        return "undefined"
    return "undefined" if numpy.isnan(value) else repr(value)


def alpha(rows):
    data = [[numpy.nan if rating is None else rating for rating in row] for row in rows]
    return krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")


def kappa(rows):
    both = [(a, b) for a, b in zip(rows[0], rows[1]) if a is not None and b is not None]
    return cohen_kappa_score([a for a, _ in both], [b for _, b in both])


for index in range(100):
    rows = matrix(index)
    text = "/".join("".join("." if rating is None else str(rating) for rating in row) for row in rows)
    print(text, number(lambda: alpha(rows)), number(lambda: kappa(rows)), sep="\t")
