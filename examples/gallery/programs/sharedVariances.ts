// Three clusters of one width, on a line and in a plane: the width is estimated from all of them.
import {
  diagonalGaussianMixture,
  diagonalGaussianMixtureEstimator,
  gaussianMixture,
  gaussianMixtureEstimator,
} from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const w = [0.5, 0.4, 0.1];
const count = 3000;
const onLine = gaussianMixture({ mu: [0, 5, 10], sigma2: 1, w });
const line = recover(onLine, gaussianMixtureEstimator(3, { keys: { sigma2: 'width' } }), count).model;
const clusters = [...line.components.entries()].sort(([, a], [, b]) => a.mu - b.mu);
for (const [place, [k, { mu }]] of clusters.entries()) {
  near(`centre ${place}`, mu, 5 * place, 0.4);
  near('its share', line.w[k]!, w[place]!, 2 * ofShare(w[place]!, count));
}
near('widths', new Set(line.components.map(({ sigma2 }) => sigma2)).size, 1, 0);
near('the width', line.components[0]!.sigma2, 1, 0.2);

const inPlane = diagonalGaussianMixture({ mu: [[0, 0], [5, 5], [10, 10]], sigma2: [[1, 2], [1, 2], [1, 2]], w }); // biome-ignore format: a small table
const plane = recover(inPlane, diagonalGaussianMixtureEstimator(3, { keys: { sigma2: 'widths' } }), count).model;
near('widths of each coordinate', new Set(plane.components.map(({ sigma2 }) => Array.from(sigma2).join())).size, 1, 0);
near('width across', plane.components[0]!.sigma2[0]!, 1, 0.15);
near('width up', plane.components[0]!.sigma2[1]!, 2, 0.3);
