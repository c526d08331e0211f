"""Scores labelled servers with well-known methods, for the bench (needs numpy; the forest needs scikit-learn).

usage: rivals.py SERIES_DIR OUT_DIR

Writes OUT_DIR/METHOD/NAME.csv with a column `score`, one row a point; prints the methods as JSON. No score looks at a later
point. Each is the mean of the last 12 points, which helps all of them.
mahalanobis: distance from the last 4,032 points, covariance drawn a tenth towards its diagonal, made anew every 288 points.
pca: what the components with nine tenths of the variance of the rows of `train` leave over.
forest: scikit-learn's IsolationForest of the rows of `train`, 100 trees, 256 samples each.
"""
import csv
import gzip
import json
import os
import sys

import numpy

WINDOW, REFRESH, LEAST, SHRINK, MEAN_OF, VARIANCE = 4032, 288, 100, 0.1, 12, 0.9


def read(file):
    with gzip.open(file, "rt") as lines:
        rows = list(csv.reader(lines))[1:]
    return numpy.array([[float(cell) if cell else numpy.nan for cell in row[1:-1]] for row in rows])


def standard(rows):
    """Means and deviations of some rows; a constant column has the deviation 1, a missing value counts as the mean."""
    mean, deviation = numpy.nanmean(rows, axis=0), numpy.nanstd(rows, axis=0)
    return mean, numpy.where(deviation > 0, deviation, 1)


def mahalanobis(rows, _train):
    scores = numpy.zeros(len(rows))
    for start in range(REFRESH, len(rows), REFRESH):
        if start < LEAST:
            continue
        past = rows[max(0, start - WINDOW) : start]
        mean, deviation = standard(past)
        z = numpy.nan_to_num((past - mean) / deviation)
        covariance = numpy.atleast_2d(numpy.cov(z, rowvar=False))
        shrunk = (1 - SHRINK) * covariance + SHRINK * numpy.diag(numpy.diag(covariance) + 1e-6)
        inverse = numpy.linalg.pinv(shrunk)
        now = numpy.nan_to_num((rows[start : start + REFRESH] - mean) / deviation)
        scores[start : start + REFRESH] = numpy.sqrt(numpy.maximum(0, numpy.einsum("ij,jk,ik->i", now, inverse, now)))
    return scores


def pca(rows, train):
    mean, deviation = standard(rows[:train])
    z = numpy.nan_to_num((rows - mean) / deviation)
    values, vectors = numpy.linalg.eigh(numpy.cov(z[:train], rowvar=False))
    kept = numpy.cumsum(values[::-1]) <= VARIANCE * values.sum()
    basis = vectors[:, ::-1][:, : max(1, int(kept.sum()))]
    return numpy.linalg.norm(z - z @ basis @ basis.T, axis=1)


def forest(rows, train):
    from sklearn.ensemble import IsolationForest

    mean, deviation = standard(rows[:train])
    z = numpy.nan_to_num((rows - mean) / deviation)
    model = IsolationForest(n_estimators=100, max_samples=256, random_state=1, n_jobs=1).fit(z[:train])
    return -model.score_samples(z)


def trailing(scores):
    sums = numpy.cumsum(numpy.r_[0, scores])
    first = numpy.maximum(0, numpy.arange(len(scores)) + 1 - MEAN_OF)
    at = numpy.arange(1, len(scores) + 1)
    return (sums[at] - sums[first]) / (at - first)


def main(series_dir, out_dir):
    methods = {"mahalanobis": mahalanobis, "pca": pca}
    try:
        import sklearn  # noqa: F401

        methods["forest"] = forest
    except ImportError:
        pass
    with open(f"{series_dir}/index.json") as index:
        entries = json.load(index)
    for method, score in methods.items():
        os.makedirs(f"{out_dir}/{method}", exist_ok=True)
        for entry in entries:
            rows = read(f"{series_dir}/{entry['file']}")
            name = entry["file"].removesuffix(".csv.gz")
            with open(f"{out_dir}/{method}/{name}.csv", "w") as out:
                out.write("score\n" + "\n".join(f"{one:.9g}" for one in trailing(score(rows, entry["train"]))) + "\n")
    json.dump(list(methods), sys.stdout)


main(*sys.argv[1:])
