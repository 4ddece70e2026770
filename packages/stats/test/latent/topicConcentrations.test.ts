import { expect, it } from 'vitest';
import { estimateConcentrations } from '../../src/latent/topics/topicConcentrations.js';
import { random } from '../../src/numeric/random.js';
import { digamma, lgamma } from '../../src/numeric/special.js';

/** The part of the bound that α has a say in, for one document with these means of log θ. */
function bound(alpha: Float64Array, means: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let k = 0; k < alpha.length; k++) {
    sum += (alpha[k]! - 1) * means[k]! - lgamma(alpha[k]!);
    total += alpha[k]!;
  }
  return sum + lgamma(total);
}

const LEAST = 1e-4;

it('α is a maximum of the bound above 1e-4, whatever the topics of the documents', () => {
  // The bound is concave: where no coordinate can raise it alone, nothing can. Once, α below the limit were only raised to it.
  const rng = random(1);
  let held = 0;
  for (let n = 0; n < 300; n++) {
    const scale = 10 ** (10 * rng() - 6);
    const drawn = Array.from({ length: 2 + Math.floor(4 * rng()) }, () => scale * 10 ** (4 * rng() - 2));
    const total = drawn.reduce((sum, a) => sum + a, 0);
    const means = Float64Array.from(drawn, (a) => digamma(a) - digamma(total) - (rng() < 0.5 ? 0 : 0.05 * rng()));
    const alpha = estimateConcentrations(1, means, {}, undefined);
    const reached = bound(alpha, means);
    if (alpha.some((a) => a === LEAST) && alpha.some((a) => a > LEAST)) held += 1;
    for (const k of alpha.keys()) {
      for (const factor of [0.5, 0.9, 0.999, 1.001, 1.1, 2]) {
        const other = alpha.slice();
        other[k] = Math.max(LEAST, alpha[k]! * factor);
        expect(bound(other, means), `${means} gives ${alpha}, not ${other}`).toBeLessThanOrEqual(
          reached + 1e-12 * (1 + Math.abs(reached) + total * (1 + Math.abs(Math.log(total)))),
        );
      }
    }
  }
  expect(held).toBeGreaterThan(20);
});
