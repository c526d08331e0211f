"""Trains scikit-learn's IsolationForest and scores rows: JSON in on stdin, JSON out on stdout.

In:  {"train": [[...]], "score": [[...]], "trees": 100, "seed": 1, "repeats": 1, "contamination": 0.01 or "auto"}
With a contamination the training rows are scored too, for the threshold.
Out: {"version": "...", "milliseconds": median of the repeats, "scores": [...]}; scores are those of the article, high is odd.
"""
import json
import statistics
import sys
import time

import numpy
import sklearn
from sklearn.ensemble import IsolationForest

job = json.load(sys.stdin)
train, score = numpy.array(job["train"]), numpy.array(job["score"])
times = []
for _ in range(job["repeats"]):
    start = time.perf_counter()
    forest = IsolationForest(
        n_estimators=job["trees"],
        max_samples=len(train),
        random_state=job["seed"],
        contamination=job["contamination"],
        n_jobs=1,
    )
    scores = -forest.fit(train).score_samples(score)
    times.append(1000 * (time.perf_counter() - start))
json.dump(
    {"version": sklearn.__version__, "milliseconds": statistics.median(times), "scores": scores.tolist()}, sys.stdout
)
