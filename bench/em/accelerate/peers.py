"""Plain EM of scikit-learn's GaussianMixture, or a straightforward Baum-Welch in numpy, from a start on disk, until the log-likelihood
has reached a target. Started by run.mjs. Prints the passes over the rows until then, the seconds, and the log-likelihood at the end.
"""
import json
import sys
import time

import numpy

folder, family, rows, dimension, components, target = sys.argv[1:]
rows, dimension, components, target = int(rows), int(dimension), int(components), float(target)
MOST = 5000
x = numpy.fromfile(folder + "/rows").reshape(rows, dimension)
start = numpy.fromfile(folder + "/start")


def scikit_learn():
    from sklearn.mixture import GaussianMixture

    covariance = "full" if family == "full" else "diag"
    mixture = GaussianMixture(components, covariance_type=covariance, reg_covar=0)
    mixture._initialize(x, start.reshape(rows, components))
    while True:
        bound, responsibilities = mixture._e_step(x)
        yield bound * rows
        mixture._m_step(x, responsibilities)


def baum_welch():
    """Scaled forward-backward; all sequences, which are of equal length, side by side."""
    k = components
    initial, transitions = start[:k], start[k : k + k * k].reshape(k, k).T
    mean, variance = start[k + k * k : 2 * k + k * k], start[2 * k + k * k :]
    while True:
        squares = (x[:, :, None] - mean) ** 2
        f = numpy.exp(-squares / (2 * variance)) / numpy.sqrt(2 * numpy.pi * variance)
        alpha, scale = numpy.empty_like(f), numpy.empty((rows, dimension))
        for t in range(dimension):
            now = f[:, t] * (initial if t == 0 else alpha[:, t - 1] @ transitions)
            scale[:, t] = now.sum(axis=1)
            alpha[:, t] = now / scale[:, t, None]
        yield float(numpy.log(scale).sum())
        beta, gamma, steps = numpy.ones((rows, k)), alpha.copy(), numpy.zeros((k, k))
        for t in range(dimension - 2, -1, -1):
            g = f[:, t + 1] * beta / scale[:, t + 1, None]
            steps += transitions * (alpha[:, t].T @ g)
            beta = g @ transitions.T
            gamma[:, t] *= beta
        initial = gamma[:, 0].mean(axis=0)
        transitions = steps / steps.sum(axis=1, keepdims=True)
        weight = gamma.sum(axis=(0, 1))
        mean = (gamma * x[:, :, None]).sum(axis=(0, 1)) / weight
        variance = (gamma * (x[:, :, None] - mean) ** 2).sum(axis=(0, 1)) / weight


began = time.perf_counter()
best, arrived = -numpy.inf, [None, None]
for passes, log_likelihood in enumerate(baum_welch() if family == "hmm" else scikit_learn(), 1):
    best = max(best, log_likelihood)
    if best >= target:
        arrived = [passes, time.perf_counter() - began]
    if best >= target or passes == MOST:
        break
print(json.dumps([*arrived, best]))
