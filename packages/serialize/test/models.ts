/** Small model types of each form that the codec accepts. */
import { createCodec, type Fields, type ModelType } from '../src/node.js';

export class Gaussian {
  static readonly typeName = 'Gaussian';
  static readonly typeVersion = 1;

  constructor(
    readonly mu: number,
    readonly sigma2: number,
  ) {
    if (!Number.isFinite(mu)) throw new RangeError(`Gaussian: mu must be a finite number, found ${mu}.`);
    if (!(sigma2 > 0)) throw new RangeError(`Gaussian: sigma2 must be > 0, found ${sigma2}.`);
  }

  toJSON() {
    return { type: 'Gaussian', mu: this.mu, sigma2: this.sigma2 } as const;
  }

  static fromJSON({ mu, sigma2 }: Fields): Gaussian {
    return new Gaussian(Number(mu), Number(sigma2));
  }
}

export class Mixture {
  static readonly typeName = 'Mixture';
  static readonly typeVersion = 2;

  constructor(
    readonly components: readonly unknown[],
    readonly w: Float64Array,
  ) {}

  toJSON() {
    return { type: 'Mixture', components: this.components, w: this.w } as const;
  }

  /** Version 1 kept the weights in an array. */
  static fromJSON({ components, w }: Fields, version: number): Mixture {
    if (!Array.isArray(components)) throw new TypeError('Mixture: components must be a list.');
    return new Mixture(components, version === 1 ? Float64Array.from(w as number[]) : (w as Float64Array));
  }
}

/** A type that is described from outside, with a field of the name `type`. */
export class Plain {
  constructor(readonly fields: Fields) {}
}

export const plainType: ModelType = {
  name: 'Plain thing',
  version: 1,
  is: (value) => value instanceof Plain,
  toJSON: (value: Plain) => value.fields,
  fromJSON: (fields) => new Plain(fields),
};

export const types = [Gaussian, Mixture, plainType];
export const codec = createCodec({ types });
export const cyclic = createCodec({ types, allowCycles: true });
