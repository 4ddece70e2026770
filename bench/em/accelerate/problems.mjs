/**
 * The problems of the bench: rows, an estimator, and what other programs need to fit the same model. `family` names the columns of a
 * mixture: g for Gaussian, p for Poisson, c3 for a categorical of three codes; `full` for Gaussian vectors with full covariances, `hmm`
 * for Gaussian states.
 */
import {
  CategoricalEstimator,
  CompositeEstimator,
  DiagonalGaussianEstimator,
  GaussianEstimator,
  HiddenMarkovEstimator,
  MixtureEstimator,
  MultivariateGaussianEstimator,
  PoissonEstimator,
  RecordEstimator,
} from '@dml/stats';

/** Uniform numbers in (0, 1): mulberry32. */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (((bits ^ (bits >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}
const u = uniform(5);
const normal = () => Math.sqrt(-2 * Math.log(u())) * Math.cos(2 * Math.PI * u());
const draw = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const component = (count) => Math.floor(u() * count);
const mixture = (count, make) => new MixtureEstimator(draw(count, make));
const gaussian = () => new GaussianEstimator();
const category = () => new CategoricalEstimator();
const record = () => new RecordEstimator({ x: gaussian(), c: category(), n: new PoissonEstimator() });

/** Deaths of women over 80 in The Times, 1910-1912 (Titterington, Smith & Makov 1985): days with 0, 1, … 9 of them. */
const times = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1].flatMap((days, deaths) => Array(days).fill(deaths));

const given = {
  times: [times, mixture(2, () => new PoissonEstimator())],
  gaussians: [
    draw(2000, () => {
      const k = component(3);
      const [a, b] = [normal(), normal()];
      return [1.5 * k + a, 0.5 * k + 0.6 * a + 0.8 * b];
    }),
    mixture(3, () => new MultivariateGaussianEstimator()),
  ],
  latentClasses: [
    draw(2000, () => {
      const k = component(3);
      return draw(8, (j) => (u() < [0.3, 0.5, 0.7][(k + j) % 3] ? 'y' : 'n'));
    }),
    mixture(3, () => new CompositeEstimator(draw(8, category))),
  ],
  hiddenMarkov: [
    draw(200, () => {
      let state = component(3);
      return draw(40, () => {
        if (u() > 0.8) state = component(3);
        return 1.5 * state + normal();
      });
    }),
    new HiddenMarkovEstimator(draw(3, gaussian)),
  ],
  records: [
    draw(3000, () => {
      const k = component(4);
      return { x: k + normal(), c: 'abc'[Math.floor(u() * (1 + (k % 3)))], n: Math.floor(-Math.log(u()) * (1 + k)) };
    }),
    mixture(4, record),
  ],
  separated: [draw(2000, (i) => (i % 4) * 10 + normal()), mixture(4, gaussian)],
  // Three more: too many components; many of them in four dimensions; a prior.
  tooMany: [draw(1500, (i) => (i % 2) * 3 + normal()), mixture(4, gaussian)],
  diagonal: [
    draw(2000, () => {
      const k = component(6);
      return draw(4, (j) => ((k * (j + 1)) % 5) * 0.9 + normal());
    }),
    mixture(6, () => new DiagonalGaussianEstimator()),
  ],
  prior: [
    draw(3000, () => {
      const k = component(3);
      return { x: 1.2 * k + normal(), c: 'abc'[k] === 'a' || u() < 0.5 ? 'a' : 'b' };
    }),
    new MixtureEstimator(
      draw(3, () => new RecordEstimator({ x: gaussian(), c: new CategoricalEstimator({ pseudoCount: 2 }) })),
      { pseudoCount: 3 },
    ),
  ],
};

const codes = (texts) => (text) => texts.indexOf(text);
const fromRecord = ({ x, c, n }) => [x, codes('abc')(c), n];

/** Rows as numbers, for programs that take a matrix. */
const elsewhere = {
  times: { family: 'p', numbers: (x) => [x] },
  gaussians: { family: 'full', numbers: (x) => x },
  latentClasses: { family: 'c2 c2 c2 c2 c2 c2 c2 c2', numbers: (x) => x.map(codes('yn')) },
  hiddenMarkov: { family: 'hmm', numbers: (x) => x },
  records: { family: 'g c3 p', numbers: fromRecord },
  separated: { family: 'g', numbers: (x) => [x] },
  tooMany: { family: 'g', numbers: (x) => [x] },
  diagonal: { family: 'g g g g', numbers: (x) => x },
};

export const problems = Object.fromEntries(
  Object.entries(given).map(([name, [rows, estimator]]) => [name, { rows, estimator, ...elsewhere[name] }]),
);
