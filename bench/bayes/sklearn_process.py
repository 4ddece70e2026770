"""A Dirichlet-process mixture by scikit-learn's BayesianGaussianMixture. Started by run.mjs; prints one line of JSON."""
import json
import sys
import time
import warnings

import numpy
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import BayesianGaussianMixture

warnings.simplefilter("ignore", ConvergenceWarning)  # the number of iterations is given
path, dimension, components, iterations = sys.argv[1], *map(int, sys.argv[2:])
x = numpy.fromfile(path).reshape(-1, dimension)
start = numpy.fromfile(path + ".start").reshape(-1, components)


class Started(BayesianGaussianMixture):
    """From given responsibilities."""

    def _initialize_parameters(self, rows, random_state):
        self._initialize(rows, start)


mixture = Started(
    n_components=components,
    covariance_type="full",
    weight_concentration_prior_type="dirichlet_process",
    weight_concentration_prior=1.0,
    mean_prior=numpy.zeros(dimension),
    mean_precision_prior=0.01,
    degrees_of_freedom_prior=dimension + 2,
    covariance_prior=numpy.eye(dimension),
    reg_covar=0,
    tol=0,
    max_iter=iterations,
    random_state=1,
)
before = time.process_time_ns()
mixture.fit(x)
spent = time.process_time_ns() - before
order = numpy.argsort(-mixture.mean_precision_)
print(
    json.dumps(
        {
            "nanoseconds": spent,
            "iterations": int(mixture.n_iter_),
            "lambda": mixture.mean_precision_[order].tolist(),
            "mu": mixture.means_[order].tolist(),
            "covariance": mixture.covariances_[order].tolist(),
        }
    )
)
