/**
 * Gradient descent on KL(P‖Q) with momentum and one gain per coordinate.
 * Source: van der Maaten & Hinton (2008), section 3.4; Jacobs, Increased rates of convergence through learning rate adaptation (1988).
 */
import { log } from '@dml/stats/families';
import { type Charges, negativeEntropyOfCharges, negativeEntropyOfPairs } from './attraction.js';
import { addPairs, chargesOfNodes, type Forces, treeForces } from './forces.js';
import type { PairList } from './pairs.js';
import { Partners } from './partners.js';
import { Quadtree } from './quadtree.js';

/** The affinities p_ij, whichever form they have: the pairs of both are added. */
export interface Affinities {
  readonly charges: Charges;
  readonly pairs?: PairList;
}

export interface StepOptions {
  readonly momentum: number;
  /** The learning rate. */
  readonly eta: number;
  /** What all p_ij are multiplied by. */
  readonly exaggeration: number;
  readonly theta: number;
}

const MIN_GAIN = 0.01;

export class Descent {
  /** x and y of each row, in turn. */
  readonly positions: Float64Array;
  /** The gradient of the last step. */
  readonly gradient: Float64Array;
  readonly #affinities: Affinities;
  readonly #velocity: Float64Array;
  readonly #gains: Float64Array;
  readonly #tree: Quadtree;
  readonly #forces: Forces;
  readonly #partners = new Partners();
  #nodeCharges: Float64Array = new Float64Array(0);
  #negativeEntropy: number | undefined;

  /** @param positions  x and y of each row, in turn; they are moved in place */
  constructor(affinities: Affinities, positions: Float64Array) {
    const { length } = positions;
    this.positions = positions;
    this.#affinities = affinities;
    this.gradient = new Float64Array(length);
    this.#velocity = new Float64Array(length);
    this.#gains = new Float64Array(length);
    this.#tree = new Quadtree(length / 2);
    this.#forces = {
      attraction: new Float64Array(length),
      repulsion: new Float64Array(length),
      normaliser: 0,
      stretch: 0,
    };
  }

  /** One step. The centre of the rows is then at 0. */
  step({ momentum, eta, exaggeration, theta }: StepOptions): void {
    const { attraction, repulsion, normaliser } = this.#forcesAt(theta, false);
    const { positions, gradient } = this;
    const mean = [0, 0];
    for (let at = 0; at < positions.length; at++) {
      const slope = 4 * (exaggeration * attraction[at]! - repulsion[at]! / normaliser);
      gradient[at] = slope;
      const isSame = slope > 0 === this.#velocity[at]! > 0;
      const gain = Math.max(MIN_GAIN, isSame ? this.#gains[at]! * 0.8 : this.#gains[at]! + 0.2);
      this.#gains[at] = gain;
      this.#velocity[at] = momentum * this.#velocity[at]! - eta * gain * slope;
      positions[at]! += this.#velocity[at]!;
      mean[at % 2]! += positions[at]!;
    }
    for (let at = 0; at < positions.length; at++) positions[at]! -= mean[at % 2]! / (positions.length / 2);
  }

  /** KL(P‖Q) at the positions, in nats. The first call takes time n². */
  divergence(theta: number): number {
    const { pairs, charges } = this.#affinities;
    this.#negativeEntropy ??=
      (pairs === undefined ? 0 : negativeEntropyOfPairs(pairs)) + negativeEntropyOfCharges(charges);
    const { stretch, normaliser } = this.#forcesAt(theta, true);
    return this.#negativeEntropy + stretch + log(normaliser);
  }

  #forcesAt(theta: number, needsStretch: boolean): Forces {
    const { pairs, charges } = this.#affinities;
    this.#tree.build(this.positions);
    this.#nodeCharges = chargesOfNodes(this.#tree, charges, this.#nodeCharges);
    treeForces(this.#tree, charges, this.#nodeCharges, theta, needsStretch, this.#partners, this.#forces);
    if (pairs !== undefined) addPairs(pairs, this.positions, needsStretch, this.#forces);
    return this.#forces;
  }
}
