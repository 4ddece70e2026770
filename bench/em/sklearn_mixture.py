"""EM iterations of scikit-learn's GaussianMixture, one for each line read. Started by run.mjs.

The calls are those of the loop in GaussianMixture.fit_predict, so that an iteration can wait for its turn.
"""
import json
import sys
import time

import numpy
from sklearn.mixture import GaussianMixture

path, rows, dimension, components, covariance = sys.argv[1:]
rows, dimension, components = int(rows), int(dimension), int(components)
values = numpy.fromfile(path)
x = values[: rows * dimension].reshape(rows, dimension)
means = values[rows * dimension :].reshape(components, dimension)
precisions = numpy.ones((components, dimension))
if covariance == "full":
    precisions = numpy.tile(numpy.eye(dimension), (components, 1, 1))
mixture = GaussianMixture(
    components,
    covariance_type=covariance,
    weights_init=numpy.full(components, 1 / components),
    means_init=means,
    precisions_init=precisions,
    random_state=1,
)
mixture._initialize(x, numpy.full((rows, components), 1 / components))
print("{}", flush=True)
log_likelihood, responsibilities = mixture._e_step(x)
for _ in sys.stdin:
    before = time.process_time_ns()
    mixture._m_step(x, responsibilities)
    log_likelihood, responsibilities = mixture._e_step(x)
    bound = mixture._compute_lower_bound(responsibilities, log_likelihood)
    spent = time.process_time_ns() - before
    print(json.dumps({"nanoseconds": spent, "logLikelihood": float(bound) * rows}), flush=True)
