"""Passes of scikit-learn's batch LatentDirichletAllocation, one for each line read. Started by run.mjs.

The answer has the bound on the log-likelihood of the documents under the expected topics, by the formula of @dml/stats, from
the document proportions that scikit-learn finds.
"""
import json
import sys
import time

import numpy
import scipy.sparse
from scipy.special import gammaln, psi
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.decomposition._online_lda_fast import _dirichlet_expectation_2d

path, rows, length, topics, values = sys.argv[1], *(int(argument) for argument in sys.argv[2:])
with open(path) as file:
    data = json.load(file)
offsets = numpy.arange(rows + 1) * length
counts = numpy.array(data["counts"], dtype=float)
documents = scipy.sparse.csr_matrix((counts, numpy.array(data["words"]), offsets), shape=(rows, values))
documents.sum_duplicates()
model = LatentDirichletAllocation(
    topics, doc_topic_prior=0.1, topic_word_prior=0.01, learning_method="batch", random_state=1
)
model._init_latent_vars(values)
model.components_ = numpy.array(data["start"]) * counts.sum() / topics + 0.01
model.exp_dirichlet_component_ = numpy.exp(_dirichlet_expectation_2d(model.components_))


def bound():
    gamma, _ = model._e_step(documents, cal_sstats=False, random_init=False)
    topic = model.components_ / model.components_.sum(axis=1, keepdims=True)
    expected = psi(gamma) - psi(gamma.sum(axis=1, keepdims=True))
    words = documents.tocoo()
    norms = numpy.einsum("nk,kn->n", numpy.exp(expected)[words.row], topic[:, words.col])
    alpha = 0.1
    total = (words.data * numpy.log(norms)).sum() + ((alpha - gamma) * expected).sum()
    total += gammaln(gamma).sum() - gammaln(gamma.sum(axis=1)).sum()
    return float(total + rows * (gammaln(alpha * topics) - topics * gammaln(alpha)))


print("{}", flush=True)
for _ in sys.stdin:
    before = time.process_time_ns()
    model._em_step(documents, total_samples=rows, batch_update=True)
    spent = time.process_time_ns() - before
    print(json.dumps({"nanoseconds": spent, "logLikelihood": bound()}), flush=True)
