// What this machine can do: the workloads of bench/kernels as blocked, fused, vectorised C++ on the same data.
// Usage: yardstick W1 rounds [rows]. Prints one line: log-likelihood, then nanoseconds per row x component (minimum).
// Or yardstick W1 serve [rows]: one iteration for each line read, answered with one line of JSON.
// Build: see build.mjs (-O3 -march=native, so AVX2 or AVX-512 with FMA where the processor has them).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

namespace {

constexpr int kRun = 1024;
constexpr int kStride = kRun + 8;
using Column = std::vector<double>;

struct Uniform {
  int32_t state;
  double operator()() {
    state = static_cast<int32_t>(static_cast<uint32_t>(state) + 0x6d2b79f5u);
    const uint32_t s = static_cast<uint32_t>(state);
    uint32_t t = (s ^ (s >> 15)) * (1u | s);
    t = (t + (t ^ (t >> 7)) * (61u | t)) ^ t;
    return (t ^ (t >> 14)) / 4294967296.0;
  }
};

double normal(Uniform& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random()));
  return radius * std::cos(2 * M_PI * random());
}

inline double exp_of(double x) {
  constexpr double round = 6755399441055744.0 + 1023;
  const double biased = x * 1.4426950408889634 + round;
  const double n = biased - round;
  const double r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double q = (0.5000000000000001 + r * 0.16666666666666669) +
                   r2 * (0.04166666666662413 + r * 0.008333333333330062) +
                   r4 * ((0.0013888888917213717 + r * 0.00019841269863053618) +
                         r2 * (2.4801521295954376e-5 + r * 2.7557268459997064e-6) +
                         r4 * (2.7620088445409746e-7 + r * 2.510038549551032e-8));
  uint64_t bits;
  std::memcpy(&bits, &biased, 8);
  bits <<= 52;
  double scale;
  std::memcpy(&scale, &bits, 8);
  const double e = (1 + (r + r2 * q)) * scale;
  return x < -690 ? 0 : e;
}

// ln of a number in [1, 2^50]: a sum of exponentials whose largest is 1.
inline double log_of(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, 8);
  bits += 0x3ff0000000000000ull - 0x3fe6a09e00000000ull;
  uint64_t exponent = (bits >> 52) | 0x4330000000000000ull;
  double k;
  std::memcpy(&k, &exponent, 8);
  k -= 4503599627370496.0 + 1023;
  bits = (bits & 0x000fffffffffffffull) + 0x3fe6a09e00000000ull;
  double m;
  std::memcpy(&m, &bits, 8);
  const double f = m - 1;
  const double half = 0.5 * f * f;
  const double s = f / (2 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const double odd =
      z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return s * (half + odd + even) + k * 1.9082149292705877e-10 - half + f + k * 0.6931471803691238;
}

// Posteriors in place; returns the log-likelihood of the block.
double posterior(double* lp, int K, int n, const double* log_weights) {
  static double largest[kStride], total[kStride];
  for (int i = 0; i < n; i++) largest[i] = lp[i] + log_weights[0];
  for (int k = 1; k < K; k++) {
    const double* row = lp + k * kStride;
#pragma omp simd
    for (int i = 0; i < n; i++) largest[i] = std::max(largest[i], row[i] + log_weights[k]);
  }
  for (int i = 0; i < n; i++) total[i] = 0;
  for (int k = 0; k < K; k++) {
    double* row = lp + k * kStride;
#pragma omp simd
    for (int i = 0; i < n; i++) {
      const double e = exp_of(row[i] + log_weights[k] - largest[i]);
      row[i] = e;
      total[i] += e;
    }
  }
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < n; i++) {
    sum += largest[i] + log_of(total[i]);
    total[i] = 1 / total[i];
  }
  for (int k = 0; k < K; k++) {
    double* row = lp + k * kStride;
#pragma omp simd
    for (int i = 0; i < n; i++) row[i] *= total[i];
  }
  return sum;
}

void moments(const double* x, const double* w, int n, double origin, double* out) {
  double a = 0, b = 0, c = 0;
#pragma omp simd reduction(+ : a, b, c)
  for (int i = 0; i < n; i++) {
    const double d = x[i] - origin;
    a += w[i];
    b += w[i] * d;
    c += w[i] * d * d;
  }
  out[0] += a;
  out[1] += b;
  out[2] += c;
}

struct Work {
  double cells;
  std::function<double()> iteration;
};

Work mixed(int rows, int K, int levels) {
  Uniform random{1};
  Column x(rows), tables(K * levels);
  std::vector<int32_t> codes(rows);
  for (int i = 0; i < rows; i++) {
    const int k = static_cast<int>(random() * K);
    x[i] = 3 * k + normal(random);
    const double u = random();
    codes[i] = static_cast<int>(u * random() * levels);
  }
  for (double& t : tables) t = std::log(0.2 + random());
  const Column log_weights(K, -std::log(K));
  auto lp = Column(K * kStride);
  auto stats = Column(K * (3 + levels));
  return {double(rows) * K, [=]() mutable {
            double sum = 0;
            std::fill(stats.begin(), stats.end(), 0);
            for (int start = 0; start < rows; start += kRun) {
              const int n = std::min(kRun, rows - start);
              const double* bx = &x[start];
              const int32_t* bc = &codes[start];
              for (int k = 0; k < K; k++) {
                double* row = &lp[k * kStride];
                const double* table = &tables[k * levels];
#pragma omp simd
                for (int i = 0; i < n; i++) {
                  const double d = bx[i] - 3 * k;
                  row[i] = -0.9 - d * d * 0.5 + table[bc[i]];
                }
              }
              sum += posterior(lp.data(), K, n, log_weights.data());
              for (int k = 0; k < K; k++) {
                const double* w = &lp[k * kStride];
                double* out = &stats[k * (3 + levels)];
                moments(bx, w, n, 3 * k, out);
                double copies[4][64] = {};
                for (int i = 0; i < n; i++) copies[i & 3][bc[i]] += w[i];
                for (int c = 0; c < levels; c++) out[3 + c] += copies[0][c] + copies[1][c] + copies[2][c] + copies[3][c];
              }
            }
            return sum;
          }};
}

Work vectors(int rows, int K, int d, bool full) {
  Uniform random{2};
  Column data(rows * d), mu(K * d), factor(d * d);
  for (double& v : data) v = normal(random) * 2;
  for (double& v : mu) v = normal(random);
  for (int i = 0; i < d; i++) {
    for (int j = 0; j < d; j++) factor[i * d + j] = i == j ? 1 : j < i ? 0.1 * normal(random) : 0;
  }
  const Column log_weights(K, -std::log(K));
  const int size = full ? 1 + d + d * (d + 1) / 2 : 1 + 2 * d;
  auto lp = Column(K * kStride);
  auto block = Column(d * kStride);
  auto stats = Column(K * size);
  auto y = Column(d * 128), z = Column(d * 128);
  return {double(rows) * K, [=]() mutable {
            double sum = 0;
            std::fill(stats.begin(), stats.end(), 0);
            for (int start = 0; start < rows; start += kRun) {
              const int n = std::min(kRun, rows - start);
              for (int j = 0; j < d; j++) {
                for (int i = 0; i < n; i++) block[j * kStride + i] = data[(start + i) * d + j];
              }
              for (int k = 0; k < K; k++) {
                double* row = &lp[k * kStride];
                const double* m = &mu[k * d];
                for (int at = 0; at < n; at += 16) {
                  const int w = std::min(16, n - at);
                  double centred[64][16], q[16] = {};
                  for (int j = 0; j < d; j++) {
#pragma omp simd
                    for (int i = 0; i < 16; i++) centred[j][i] = i < w ? block[j * kStride + at + i] - m[j] : 0;
                  }
                  for (int i = 0; i < d; i++) {
                    double t[16] = {};
                    if (full) {
                      for (int j = 0; j <= i; j++) {
#pragma omp simd
                        for (int r = 0; r < 16; r++) t[r] += factor[i * d + j] * centred[j][r];
                      }
                    } else {
                      std::memcpy(t, centred[i], sizeof t);
                    }
#pragma omp simd
                    for (int r = 0; r < 16; r++) q[r] += t[r] * t[r];
                  }
                  for (int r = 0; r < w; r++) row[at + r] = -9 - 0.5 * q[r];
                }
              }
              sum += posterior(lp.data(), K, n, log_weights.data());
              for (int k = 0; k < K; k++) {
                const double* m = &mu[k * d];
                double* out = &stats[k * size];
                for (int at = 0; at < n; at += 128) {
                  const int rowsHere = std::min(128, n - at);
                  const double* w = &lp[k * kStride + at];
                  double a = 0;
#pragma omp simd reduction(+ : a)
                  for (int i = 0; i < rowsHere; i++) a += w[i];
                  out[0] += a;
                  for (int j = 0; j < d; j++) {
                    double b = 0, c = 0;
#pragma omp simd reduction(+ : b, c)
                    for (int i = 0; i < rowsHere; i++) {
                      const double v = block[j * kStride + at + i] - m[j];
                      const double wv = w[i] * v;
                      y[j * 128 + i] = v;
                      z[j * 128 + i] = wv;
                      b += wv;
                      c += wv * v;
                    }
                    out[1 + j] += b;
                    if (!full) out[1 + d + j] += c;
                  }
                  if (!full) continue;
                  double* triangle = out + 1 + d;
                  for (int i = 0; i < d; i++) {
                    for (int j = 0; j <= i; j++) {
                      double s = 0;
#pragma omp simd reduction(+ : s)
                      for (int r = 0; r < rowsHere; r++) s += z[i * 128 + r] * y[j * 128 + r];
                      *triangle++ += s;
                    }
                  }
                }
              }
            }
            return sum;
          }};
}

Work counts(int rows, int K) {
  Uniform random{3};
  Column table(400, 0.0), x(rows), log_factorial(rows);
  for (int i = 1; i < 400; i++) table[i] = table[i - 1] + std::log(i);
  for (int i = 0; i < rows; i++) {
    const double lambda = 2 + 9 * static_cast<int>(random() * K);
    x[i] = std::max(0.0, std::floor(lambda + std::sqrt(lambda) * normal(random) + 0.5));
    log_factorial[i] = table[static_cast<int>(x[i])];
  }
  const Column log_weights(K, -std::log(K));
  auto lp = Column(K * kStride);
  auto stats = Column(2 * K);
  return {double(rows) * K, [=]() mutable {
            double sum = 0;
            std::fill(stats.begin(), stats.end(), 0);
            for (int start = 0; start < rows; start += kRun) {
              const int n = std::min(kRun, rows - start);
              for (int k = 0; k < K; k++) {
                const double lambda = 2 + 9 * k, a = std::log(lambda);
                double* row = &lp[k * kStride];
#pragma omp simd
                for (int i = 0; i < n; i++) row[i] = x[start + i] * a - log_factorial[start + i] - lambda;
              }
              sum += posterior(lp.data(), K, n, log_weights.data());
              for (int k = 0; k < K; k++) {
                const double* w = &lp[k * kStride];
                double a = 0, b = 0;
#pragma omp simd reduction(+ : a, b)
                for (int i = 0; i < n; i++) {
                  a += w[i];
                  b += w[i] * x[start + i];
                }
                stats[2 * k] += a;
                stats[2 * k + 1] += b;
              }
            }
            return sum;
          }};
}

// Sets as lists of their items: the log odds of the items present, and their weights.
Work sets(int rows, int K, int item_count, int tries) {
  Uniform random{5};
  std::vector<int32_t> offsets(rows + 1), codes;
  const double share = double(item_count) / K;
  for (int i = 0; i < rows; i++) {
    const int k = static_cast<int>(random() * K);
    for (int t = 0; t < tries; t++) {
      const double u = random();
      const int item = static_cast<int>(t % 2 == 0 ? u * item_count : k * share + u * u * share);
      if (std::find(codes.begin() + offsets[i], codes.end(), item) == codes.end()) codes.push_back(item);
    }
    offsets[i + 1] = static_cast<int32_t>(codes.size());
  }
  Column odds(K * item_count), empty(K);
  for (int k = 0; k < K; k++) {
    for (int j = 0; j < item_count; j++) {
      const double p = static_cast<int>(j / share) == k ? 0.05 : 0.01;
      odds[k * item_count + j] = std::log(p) - std::log1p(-p);
      empty[k] += std::log1p(-p);
    }
  }
  const Column log_weights(K, -std::log(K));
  auto lp = Column(K * kStride);
  auto stats = Column(K * (item_count + 1));
  return {double(rows) * K, [=]() mutable {
            double sum = 0;
            std::fill(stats.begin(), stats.end(), 0);
            for (int start = 0; start < rows; start += kRun) {
              const int n = std::min(kRun, rows - start);
              for (int k = 0; k < K; k++) {
                const double* table = &odds[k * item_count];
                for (int i = 0; i < n; i++) {
                  double v = empty[k];
                  for (int at = offsets[start + i]; at < offsets[start + i + 1]; at++) v += table[codes[at]];
                  lp[k * kStride + i] = v;
                }
              }
              sum += posterior(lp.data(), K, n, log_weights.data());
              for (int k = 0; k < K; k++) {
                double* counts = &stats[k * (item_count + 1)];
                for (int i = 0; i < n; i++) {
                  const double w = lp[k * kStride + i];
                  counts[item_count] += w;
                  for (int at = offsets[start + i]; at < offsets[start + i + 1]; at++) counts[codes[at]] += w;
                }
              }
            }
            return sum;
          }};
}

// Directions, row by row: products with the mean direction, and weighted sums of the rows. Or, as for large kappa, the squared
// distance from it, and weighted moments about it.
Work directions(int rows, int K, int d, bool by_distance) {
  Uniform random{6};
  Column x(rows * d), mu(K * d);
  const auto fill = [&](double* row, const double* center) {
    double square = 0;
    for (int j = 0; j < d; j++) {
      row[j] = normal(random) + (center == nullptr ? 0 : 8 * center[j]);
      square += row[j] * row[j];
    }
    for (int j = 0; j < d; j++) row[j] /= std::sqrt(square);
  };
  for (int k = 0; k < K; k++) fill(&mu[k * d], nullptr);
  for (int i = 0; i < rows; i++) fill(&x[i * d], &mu[(i % K) * d]);
  const double kappa = 40;
  const Column log_weights(K, -std::log(K));
  auto lp = Column(K * kStride);
  auto stats = Column(K * (2 * d + 1));
  return {double(rows) * K, [=]() mutable {
            double sum = 0;
            std::fill(stats.begin(), stats.end(), 0);
            for (int start = 0; start < rows; start += kRun) {
              const int n = std::min(kRun, rows - start);
              for (int k = 0; k < K; k++) {
                const double* m = &mu[k * d];
                for (int i = 0; i < n; i++) {
                  const double* row = &x[(start + i) * d];
                  double square = 0;
                  double product = 0;
                  if (by_distance) {
#pragma omp simd reduction(+ : square)
                    for (int j = 0; j < d; j++) square += (row[j] - m[j]) * (row[j] - m[j]);
                    lp[k * kStride + i] = -0.5 * kappa * square;
                  } else {
#pragma omp simd reduction(+ : product)
                    for (int j = 0; j < d; j++) product += row[j] * m[j];
                    lp[k * kStride + i] = -kappa * (1 - product);
                  }
                }
              }
              sum += posterior(lp.data(), K, n, log_weights.data());
              for (int k = 0; k < K; k++) {
                const double* m = &mu[k * d];
                double* out = &stats[k * (2 * d + 1)];
                for (int i = 0; i < n; i++) {
                  const double* row = &x[(start + i) * d];
                  const double w = lp[k * kStride + i];
                  out[2 * d] += w;
                  if (by_distance) {
#pragma omp simd
                    for (int j = 0; j < d; j++) {
                      const double v = row[j] - m[j];
                      out[j] += w * v;
                      out[d + j] += w * v * v;
                    }
                  } else {
#pragma omp simd
                    for (int j = 0; j < d; j++) out[j] += w * row[j];
                  }
                }
              }
            }
            return sum;
          }};
}

// Words of known documents: the shares of the states in each word, as they come.
Work known_documents(int rows, int K, int value_count, int document_count, int word_count) {
  Uniform random{6};
  std::vector<int32_t> words(rows * word_count);
  Column counts(rows * word_count);
  for (int n = 0; n < rows * word_count; n++) {
    const int share = n / word_count % K;
    const double u = random();
    words[n] = static_cast<int>(random() < 0.5 ? u * value_count : (share + u * u) * value_count / K);
    counts[n] = 1 + static_cast<int>(3 * random());
  }
  const auto table = [&](int row_count, int columns) {
    Column out(row_count * columns);
    for (int r = 0; r < row_count; r++) {
      double total = 0;
      for (int j = 0; j < columns; j++) total += out[r * columns + j] = 0.05 + random();
      for (int j = 0; j < columns; j++) out[r * columns + j] /= total;
    }
    return out;
  };
  const Column by_state = table(K, value_count);
  Column states = table(document_count, K), of_words(value_count * K);
  for (int k = 0; k < K; k++) {
    for (int v = 0; v < value_count; v++) of_words[v * K + k] = by_state[k * value_count + v];
  }
  Column word_sums(value_count * K), state_sums(document_count * K);
  return {double(rows) * word_count * K, [=]() mutable {
            double sum = rows * std::log(1.0 / document_count);
            std::fill(word_sums.begin(), word_sums.end(), 0);
            std::fill(state_sums.begin(), state_sums.end(), 0);
            for (int row = 0; row < rows; row++) {
              const double* s = &states[row % document_count * K];
              double* s_sums = &state_sums[row % document_count * K];
              for (int n = row * word_count; n < (row + 1) * word_count; n++) {
                const double* w = &of_words[words[n] * K];
                double* w_sums = &word_sums[words[n] * K];
                double norm = 0;
#pragma omp simd reduction(+ : norm)
                for (int k = 0; k < K; k++) norm += w[k] * s[k];
                sum += counts[n] * std::log(norm);
                const double scale = counts[n] / norm;
#pragma omp simd
                for (int k = 0; k < K; k++) {
                  const double r = scale * w[k] * s[k];
                  w_sums[k] += r;
                  s_sums[k] += r;
                }
              }
            }
            Column totals(K);
            for (int at = 0; at < value_count * K; at++) totals[at % K] += word_sums[at];
            for (int at = 0; at < value_count * K; at++) of_words[at] = word_sums[at] / totals[at % K];
            for (int d = 0; d < document_count; d++) {
              double total = 0;
              for (int k = 0; k < K; k++) total += state_sums[d * K + k];
              for (int k = 0; k < K; k++) states[d * K + k] = state_sums[d * K + k] / total;
            }
            return sum;
          }};
}

// Eight sequences side by side, one per vector element.
Work sequences(int count, int length, int S) {
  constexpr int kLanes = 8;
  Uniform random{4};
  Column x(count * length);
  for (double& v : x) {
    const int s = static_cast<int>(random() * S);
    v = 3 * s + normal(random);
  }
  auto b = Column(length * S * kLanes), alpha = Column(length * S * kLanes), inverse = Column(length * kLanes);
  auto stats = Column(3 * S), initial_sum = Column(S), transition_sum = Column(S * S);
  Column transition(S * S);
  for (int at = 0; at < S * S; at++) transition[at] = at % (S + 1) == 0 ? 0.6 : 0.4 / (S - 1);
  return {double(count) * length * S, [=]() mutable {
            double sum = 0;
            std::fill(stats.begin(), stats.end(), 0);
            std::fill(transition_sum.begin(), transition_sum.end(), 0);
            for (int q = 0; q < count; q += kLanes) {
              double evidence[kLanes] = {};
              for (int t = 0; t < length; t++) {
                double m[kLanes], c[kLanes] = {}, v[16][kLanes];
                for (int l = 0; l < kLanes; l++) m[l] = -INFINITY;
                for (int s = 0; s < S; s++) {
#pragma omp simd
                  for (int l = 0; l < kLanes; l++) {
                    const double d = x[(q + l) * length + t] - 3 * s;
                    v[s][l] = -0.9 - d * d * 0.5;
                    m[l] = std::max(m[l], v[s][l]);
                  }
                }
                double* at = &alpha[t * S * kLanes];
                for (int s = 0; s < S; s++) {
                  double p[kLanes] = {};
                  if (t == 0) {
                    for (int l = 0; l < kLanes; l++) p[l] = 1.0 / S;
                  } else {
                    for (int r = 0; r < S; r++) {
#pragma omp simd
                      for (int l = 0; l < kLanes; l++) p[l] += at[(r - S) * kLanes + l] * transition[r * S + s];
                    }
                  }
#pragma omp simd
                  for (int l = 0; l < kLanes; l++) {
                    const double e = exp_of(v[s][l] - m[l]);
                    b[(t * S + s) * kLanes + l] = e;
                    at[s * kLanes + l] = p[l] * e;
                    c[l] += p[l] * e;
                  }
                }
#pragma omp simd
                for (int l = 0; l < kLanes; l++) {
                  inverse[t * kLanes + l] = 1 / c[l];
                  evidence[l] += m[l] + log_of(c[l]);
                }
                for (int s = 0; s < S; s++) {
#pragma omp simd
                  for (int l = 0; l < kLanes; l++) at[s * kLanes + l] *= inverse[t * kLanes + l];
                }
              }
              for (int l = 0; l < kLanes; l++) sum += evidence[l];
              double beta[16][kLanes], u[16][kLanes], pairs[256][kLanes] = {}, first[16][3][kLanes] = {};
              for (auto& row : beta) std::fill(row, row + kLanes, 1.0);
              for (int t = length - 1; t >= 0; t--) {
                for (int s = 0; s < S; s++) {
                  const int at = (t * S + s) * kLanes;
#pragma omp simd
                  for (int l = 0; l < kLanes; l++) {
                    const double g = alpha[at + l] * beta[s][l];
                    const double d = x[(q + l) * length + t] - 3 * s;
                    first[s][0][l] += g;
                    first[s][1][l] += g * d;
                    first[s][2][l] += g * d * d;
                    u[s][l] = b[at + l] * beta[s][l] * inverse[t * kLanes + l];
                  }
                }
                if (t == 0) break;
                for (int r = 0; r < S; r++) {
                  double p[kLanes] = {};
                  const double* before = &alpha[((t - 1) * S + r) * kLanes];
                  for (int s = 0; s < S; s++) {
#pragma omp simd
                    for (int l = 0; l < kLanes; l++) {
                      p[l] += transition[r * S + s] * u[s][l];
                      pairs[r * S + s][l] += before[l] * u[s][l];
                    }
                  }
                  std::memcpy(beta[r], p, sizeof p);
                }
              }
              for (int l = 0; l < kLanes; l++) {
                for (int at = 0; at < S * S; at++) transition_sum[at] += pairs[at][l] * transition[at];
                for (int s = 0; s < S; s++) {
                  for (int j = 0; j < 3; j++) stats[3 * s + j] += first[s][j][l];
                }
              }
            }
            return sum;
          }};
}

// Trees, one after the other and node by node: from the leaves up, then down. Logarithms of messages are added up, as in @dml/stats.
Work trees(int count, int length, int S) {
  Uniform random{7};
  Column x(count * length);
  std::vector<int32_t> parents(count * length), states(length);
  for (int at = 0; at < count * length; at++) {
    const int t = at % length;
    parents[at] = static_cast<int>(random() * t);
    const double move = random();
    const int fresh = static_cast<int>(random() * S);
    states[t] = t > 0 && move < 0.6 ? states[parents[at]] : fresh;
    x[at] = 3 * states[t] + normal(random);
  }
  Column transition(S * S), columns(S * S);
  for (int at = 0; at < S * S; at++) transition[at] = at % (S + 1) == 0 ? 0.6 : 0.4 / (S - 1);
  for (int at = 0; at < S * S; at++) columns[at % S * S + at / S] = transition[at];
  auto score = Column(length * S), e = Column(length * S), message = Column(length * S);
  auto stats = Column(3 * S), initial_sum = Column(S), transition_sum = Column(S * S);
  return {double(count) * length * S, [=]() mutable {
            double sum = 0;
            std::fill(stats.begin(), stats.end(), 0);
            std::fill(initial_sum.begin(), initial_sum.end(), 0);
            std::fill(transition_sum.begin(), transition_sum.end(), 0);
            for (int q = 0; q < count; q++) {
              const double* values = &x[q * length];
              const int32_t* parent = &parents[q * length];
              for (int t = 0; t < length; t++) {
#pragma omp simd
                for (int s = 0; s < S; s++) {
                  const double d = values[t] - 3 * s;
                  score[t * S + s] = -0.9 - d * d * 0.5;
                }
              }
              for (int t = length - 1; t >= 0; t--) {
                double* at = &score[t * S];
                double largest = -INFINITY;
                for (int s = 0; s < S; s++) largest = std::max(largest, at[s]);
                sum += largest;
#pragma omp simd
                for (int s = 0; s < S; s++) e[t * S + s] = exp_of(at[s] - largest);
                if (t == 0) break;
                double m[16] = {};
                for (int a = 0; a < S; a++) {
#pragma omp simd
                  for (int b = 0; b < S; b++) m[b] += columns[a * S + b] * e[t * S + a];
                }
                double* above = &score[parent[t] * S];
#pragma omp simd
                for (int b = 0; b < S; b++) {
                  message[t * S + b] = m[b];
                  above[b] += log_of(m[b]);
                }
              }
              double root = 0;
              for (int s = 0; s < S; s++) root += e[s] / S;
              sum += std::log(root);
              for (int s = 0; s < S; s++) {
                score[s] = e[s] / S / root;
                initial_sum[s] += score[s];
              }
              for (int t = 1; t < length; t++) {
                double reached[16] = {};
                for (int b = 0; b < S; b++) {
                  const double ratio = score[parent[t] * S + b] / message[t * S + b];
#pragma omp simd
                  for (int a = 0; a < S; a++) {
                    reached[a] += ratio * transition[b * S + a];
                    transition_sum[b * S + a] += ratio * e[t * S + a];
                  }
                }
#pragma omp simd
                for (int a = 0; a < S; a++) score[t * S + a] = reached[a] * e[t * S + a];
              }
              for (int t = 0; t < length; t++) {
#pragma omp simd
                for (int s = 0; s < S; s++) {
                  const double g = score[t * S + s], d = values[t] - 3 * s;
                  stats[s] += g;
                  stats[S + s] += g * d;
                  stats[2 * S + s] += g * d * d;
                }
              }
            }
            for (int at = 0; at < S * S; at++) transition_sum[at] *= transition[at];
            return sum;
          }};
}

double cpu_nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e9 + now.tv_nsec;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string name = argv[1];
  // Rows, or sequences; without the argument those of bench/kernels.
  const auto rows = [&](int usual) { return argc > 3 ? std::atoi(argv[3]) : usual; };
  Work work;
  if (name == "W1") work = mixed(rows(200000), 2, 3);
  else if (name == "W1b") work = mixed(rows(200000), 2, 2);
  else if (name == "W2") work = mixed(rows(100000), 10, 3);
  else if (name == "W3") work = vectors(rows(40000), 10, 10, false);
  else if (name == "W4a") work = vectors(rows(40000), 10, 10, true);
  else if (name == "W4b") work = vectors(rows(10000), 16, 32, true);
  else if (name == "W5") work = sequences(rows(200), 500, 5);
  else if (name == "sets") work = sets(rows(100000), 5, 1000, 16);
  else if (name == "directions") work = directions(rows(50000), 5, 50, false);
  else if (name == "directions by distance") work = directions(rows(50000), 5, 50, true);
  else if (name == "plsi") work = known_documents(rows(20000), 20, 1000, 200, 60);
  else if (name == "trees") work = trees(rows(10000), 20, 5);
  else if (name == "W8") work = counts(rows(200000), 5);
  else return 2;
  if (std::strcmp(argv[2], "serve") == 0) {
    std::printf("{}\n");
    std::fflush(stdout);
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
      if (c != '\n') continue;
      const double before = cpu_nanoseconds();
      const double value = work.iteration();
      std::printf("{\"nanoseconds\": %.17g, \"logLikelihood\": %.17g}\n", cpu_nanoseconds() - before, value);
      std::fflush(stdout);
    }
    return 0;
  }
  double best = INFINITY, value = 0;
  for (int round = -1; round < std::atoi(argv[2]); round++) {
    const double before = cpu_nanoseconds();
    value = work.iteration();
    if (round >= 0) best = std::min(best, (cpu_nanoseconds() - before) / work.cells);
  }
  std::printf("%.17g %.6g\n", value, best);
  return 0;
}
