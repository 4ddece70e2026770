# Fits a model with SQUAREM, or plain EM, from a start on disk, until the log-likelihood has reached a target. Started by run.mjs.
# Prints the passes over the rows until then, the seconds, and the log-likelihood at the end. Rows that are scored twice with the same
# parameters in a row, by the step and by its objective, count as one pass.
suppressMessages(library(SQUAREM))
given <- commandArgs(trailingOnly = TRUE)
folder <- given[1]
family <- strsplit(given[2], " ")[[1]]
n <- as.integer(given[3]); d <- as.integer(given[4]); K <- as.integer(given[5]); target <- as.numeric(given[6])
x <- matrix(readBin(file.path(folder, "rows"), "double", n * d), n, d, byrow = TRUE)
start <- readBin(file.path(folder, "start"), "double", 1e8)

logSumExp <- function(a) { m <- apply(a, 1, max); m + log(rowSums(exp(a - m))) }
inside <- function(is) if (!isTRUE(all(is))) stop("outside the parameters' range")

# Mixtures: weights, then the parameters of each column.
mixtureStep <- function(theta) {
  at <- 0
  take <- function(count) { at <<- at + count; theta[(at - count + 1):at] }
  w <- take(K); inside(w > 0)
  score <- matrix(log(w), n, K, byrow = TRUE)
  if (family[1] == "full") {
    mu <- matrix(take(K * d), K, d); sigma <- array(take(K * d * d), c(K, d, d))
    for (k in 1:K) {
      factor <- chol(sigma[k, , ])
      z <- backsolve(factor, t(x) - mu[k, ], transpose = TRUE)
      score[, k] <- score[, k] - colSums(z^2) / 2 - sum(log(diag(factor))) - d / 2 * log(2 * pi)
    }
  } else for (j in 1:d) {
    if (family[j] == "g") {
      mu <- take(K); variance <- take(K); inside(variance > 0)
      for (k in 1:K) score[, k] <- score[, k] + dnorm(x[, j], mu[k], sqrt(variance[k]), log = TRUE)
    } else if (family[j] == "p") {
      lambda <- take(K); inside(lambda > 0)
      for (k in 1:K) score[, k] <- score[, k] + dpois(x[, j], lambda[k], log = TRUE)
    } else {
      levels <- as.integer(substring(family[j], 2)); p <- matrix(take(K * levels), K, levels); inside(p >= 0)
      for (k in 1:K) score[, k] <- score[, k] + log(p[k, x[, j] + 1])
    }
  }
  total <- logSumExp(score)
  list(logLikelihood = sum(total), r = exp(score - total))
}
mixtureUpdate <- function(r) {
  count <- colSums(r)
  theta <- count / n
  if (family[1] == "full") {
    mu <- t(r) %*% x / count
    sigma <- array(0, c(K, d, d))
    for (k in 1:K) { z <- sweep(x, 2, mu[k, ]); sigma[k, , ] <- t(z * r[, k]) %*% z / count[k] }
    return(c(theta, mu, sigma))
  }
  for (j in 1:d) {
    mu <- as.vector(t(r) %*% x[, j]) / count
    if (family[j] == "g") theta <- c(theta, mu, sapply(1:K, function(k) sum(r[, k] * (x[, j] - mu[k])^2) / count[k]))
    else if (family[j] == "p") theta <- c(theta, mu)
    else {
      levels <- as.integer(substring(family[j], 2))
      theta <- c(theta, sapply(0:(levels - 1), function(v) colSums(r * (x[, j] == v)) / count))
    }
  }
  theta
}

# Hidden Markov: initial, transitions, means, variances; sequences of equal length side by side.
chainStep <- function(theta) {
  initial <- theta[1:K]; A <- matrix(theta[K + 1:(K * K)], K, K); mu <- theta[K + K * K + 1:K]
  variance <- theta[2 * K + K * K + 1:K]
  inside(c(initial >= 0, A >= 0, variance > 0))
  f <- lapply(1:K, function(k) dnorm(x, mu[k], sqrt(variance[k])))
  alpha <- array(0, c(d, n, K)); scale <- matrix(0, d, n)
  now <- sapply(1:K, function(k) initial[k] * f[[k]][, 1])
  for (t in 1:d) {
    if (t > 1) { now <- matrix(alpha[t - 1, , ], n, K) %*% A; for (k in 1:K) now[, k] <- now[, k] * f[[k]][, t] }
    scale[t, ] <- rowSums(now); alpha[t, , ] <- now / scale[t, ]
  }
  list(logLikelihood = sum(log(scale)), f = f, alpha = alpha, scale = scale, A = A)
}
chainUpdate <- function(e) {
  beta <- matrix(1, n, K); gamma <- array(0, c(d, n, K)); gamma[d, , ] <- e$alpha[d, , ]; steps <- matrix(0, K, K)
  for (t in (d - 1):1) {
    g <- sapply(1:K, function(k) e$f[[k]][, t + 1] * beta[, k]) / e$scale[t + 1, ]
    steps <- steps + e$A * (t(matrix(e$alpha[t, , ], n, K)) %*% g)
    beta <- g %*% t(e$A); gamma[t, , ] <- matrix(e$alpha[t, , ], n, K) * beta
  }
  initial <- colMeans(matrix(gamma[1, , ], n, K))
  weight <- sapply(1:K, function(k) sum(gamma[, , k]))
  mu <- sapply(1:K, function(k) sum(gamma[, , k] * t(x))) / weight
  variance <- sapply(1:K, function(k) sum(gamma[, , k] * (t(x) - mu[k])^2)) / weight
  c(initial, steps / rowSums(steps), mu, variance)
}

isChain <- family[1] == "hmm"
known <- NULL; passes <- 0; arrived <- NULL; best <- -Inf; began <- proc.time()[[3]]
expectation <- function(theta) {
  if (!is.null(known) && identical(known$theta, theta)) return(known)
  passes <<- passes + 1
  known <<- c(list(theta = theta), if (isChain) chainStep(theta) else mixtureStep(theta))
  if (!is.finite(known$logLikelihood)) stop("no likelihood")
  best <<- max(best, known$logLikelihood)
  if (is.null(arrived) && best >= target) arrived <<- c(passes, proc.time()[[3]] - began)
  known
}
update <- function(theta) { e <- expectation(theta); if (isChain) chainUpdate(e) else mixtureUpdate(e$r) }
objective <- function(theta) -expectation(theta)$logLikelihood
first <- if (isChain) start else mixtureUpdate(matrix(start, n, K, byrow = TRUE))
invisible(squarem(first, update, objective, control = list(tol = 1e-9, maxiter = 5000)))
if (is.null(arrived)) arrived <- c(NA, NA)
cat(sprintf("[%s, %s, %.9f]\n", ifelse(is.na(arrived[1]), "null", arrived[1]), ifelse(is.na(arrived[2]), "null", arrived[2]), best))
