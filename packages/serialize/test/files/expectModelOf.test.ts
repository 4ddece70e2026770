import { describe, expect, expectTypeOf, it } from 'vitest';
import { createCodec, type Fields, loadModel } from '../../src/node.js';

/** Small families with the members that `loadModel` uses, as those of `@dml/stats` have them. */
class Gaussian {
  static readonly typeName = 'Gaussian';
  static readonly typeVersion = 1;
  static fromJSON({ mu }: Fields) {
    return new Gaussian(Number(mu));
  }
  constructor(readonly mu: number) {}
  logDensity(x: number): number {
    return -((x - this.mu) ** 2) / 2;
  }
  sampler() {
    return { sample: (count: number) => new Array<number>(count).fill(this.mu) };
  }
  estimator() {
    return new GaussianEstimator();
  }
  toJSON() {
    return { type: 'Gaussian', mu: this.mu };
  }
}

class GaussianEstimator {
  encoder() {
    return {
      encode: (rows: readonly number[]) => {
        if (rows.some((row) => typeof row !== 'number')) throw new TypeError('Gaussian: row 0 must be a number.');
        return rows.length;
      },
    };
  }
  accumulator(_schema: number) {
    return { value: () => 0 };
  }
  estimate(sum: number) {
    return new Gaussian(sum);
  }
}

/** A family that must have seen a row: nothing can be estimated from none. */
class Vector {
  static readonly typeName = 'Vector';
  static readonly typeVersion = 1;
  static fromJSON({ mu }: Fields) {
    return new Vector(mu as number[]);
  }
  constructor(readonly mu: readonly number[]) {}
  logDensity(x: readonly number[]): number {
    return -x.length;
  }
  sampler(): never {
    throw new RangeError('draws nothing');
  }
  estimator() {
    return new VectorEstimator();
  }
  toJSON() {
    return { type: 'Vector', mu: this.mu };
  }
}

class VectorEstimator {
  encoder() {
    return { encode: (rows: readonly (readonly number[])[]) => rows[0]?.length };
  }
  accumulator(dimension: number | undefined) {
    return { value: () => dimension };
  }
  estimate(dimension: number | undefined) {
    if (dimension === undefined) throw new RangeError('the dimension is unknown');
    return new Vector(new Array<number>(dimension).fill(0));
  }
}

interface Part {
  logDensity(x: never): number;
  sampler(): { sample(count: number): unknown[] };
  estimator(): PartEstimator;
}
interface PartEstimator {
  encoder(): { encode(rows: readonly never[]): unknown };
  accumulator(schema: never): { value(): unknown };
  estimate(statistic: never): Part;
}

/** Parts in a list and, optionally, by name. */
class Mixture<P extends Part> {
  static readonly typeName = 'Mixture';
  static readonly typeVersion = 1;
  static fromJSON({ components, named }: Fields) {
    return new Mixture(components as Part[], named as Record<string, Part>);
  }
  constructor(
    readonly components: readonly P[],
    readonly named: Readonly<Record<string, P>> = {},
  ) {}
  logDensity(x: never): number {
    return this.components[0]!.logDensity(x);
  }
  sampler() {
    return this.components[0]!.sampler();
  }
  estimator(): PartEstimator {
    const named = Object.entries(this.named).map(([name, part]) => [name, part.estimator()] as const);
    return new MixtureEstimator(
      this.components.map((part) => part.estimator()),
      Object.fromEntries(named),
    );
  }
  toJSON() {
    return { type: 'Mixture', components: this.components, named: this.named };
  }
}

class MixtureEstimator<E extends PartEstimator> {
  constructor(
    readonly components: readonly E[],
    readonly named: Readonly<Record<string, E>> = {},
  ) {}
  encoder() {
    return this.components[0]!.encoder();
  }
  accumulator(schema: never) {
    return { value: () => this.components.map((part) => part.accumulator(schema).value()) };
  }
  estimate(statistics: readonly unknown[]): Mixture<ReturnType<E['estimate']>> {
    // Each component made its own statistic.
    const made = this.components.map((part, k) => part.estimate(statistics[k] as never));
    const named = Object.keys(this.named).map((name) => [name, made[0]!] as const);
    return new Mixture(made, Object.fromEntries(named)) as Mixture<ReturnType<E['estimate']>>;
  }
}

const codec = createCodec({ types: [Gaussian, Vector, Mixture] });
const g = () => new GaussianEstimator();
const v = () => new VectorEstimator();
const load = (value: unknown, estimator: PartEstimator) => loadModel(codec.encode(value), codec, estimator);

describe('loadModel with an estimator', () => {
  it('gives the model the type that the estimator makes', async () => {
    const model = await loadModel(codec.encode(new Gaussian(3)), codec, g());
    expectTypeOf(model).toEqualTypeOf<Gaussian>();
    expect(model.mu).toBe(3);
    const mixture = await loadModel(codec.encode(new Mixture([new Gaussian(1)])), codec, new MixtureEstimator([g()]));
    expectTypeOf(mixture.components[0]!.mu).toBeNumber();
    const any = await loadModel(codec.encode(1), codec);
    expectTypeOf(any).toBeUnknown();
    // @ts-expect-error: a model is no estimator
    await expect(loadModel(codec.encode(1), codec, new Gaussian(1))).rejects.toThrow(
      /an estimator as the third argument/,
    );
  });

  it.each([
    ['a Gaussian', new Gaussian(2), g()],
    ['a vector family that draws no rows', new Vector([1, 2]), v()],
    ['a mixture', new Mixture([new Gaussian(1), new Gaussian(2)]), new MixtureEstimator([g(), g()])],
    [
      'named parts in another order',
      new Mixture([new Gaussian(1)], { b: new Gaussian(1), a: new Gaussian(2) }),
      new MixtureEstimator([g()], { a: g(), b: g() }),
    ],
    ['a mixture that draws no rows', new Mixture([new Vector([1]), new Vector([2])]), new MixtureEstimator([v(), v()])],
    [
      'mixtures in a mixture',
      new Mixture([new Mixture([new Gaussian(1)])]),
      new MixtureEstimator([new MixtureEstimator([g()])]),
    ],
  ])('accepts %s', async (_, model, estimator) => {
    expect(await load(model, estimator)).toStrictEqual(model);
  });

  it.each([
    ['a number', 5, g(), '', 'makes a model here, the file has 5.'],
    ['plain data', { mu: 1 }, g(), '', 'makes a model here'],
    ['another family', new Mixture([new Gaussian(0)]), g(), '', 'makes a Gaussian here, the file has a Mixture.'],
    [
      'other rows',
      new Gaussian(0),
      new MixtureEstimator([v()]),
      '',
      'makes what MixtureEstimator makes here, the file has what GaussianEstimator makes.',
    ],
    [
      'fewer parts',
      new Mixture([new Gaussian(0)]),
      new MixtureEstimator([g(), g()]),
      'components',
      'makes 2 parts here, the file has 1.',
    ],
    [
      'another part',
      new Mixture([new Gaussian(0), new Vector([1])]),
      new MixtureEstimator([g(), g()]),
      'components[1]',
      'makes a Gaussian here, the file has a Vector.',
    ],
    [
      'other names',
      new Mixture([new Gaussian(0)], { a: new Gaussian(1) }),
      new MixtureEstimator([g()], { b: g() }),
      'named',
      'makes the parts b here, the file has a.',
    ],
    ['another family without draws', new Vector([1]), new MixtureEstimator([v()]), '', 'what MixtureEstimator makes'],
    [
      'fewer parts without draws',
      new Mixture([new Vector([1])]),
      new MixtureEstimator([v(), v()]),
      'components',
      '2 parts here, the file has 1.',
    ],
    [
      'another part without draws',
      new Mixture([new Vector([1]), new Mixture([new Vector([1])])]),
      new MixtureEstimator([v(), v()]),
      'components[1]',
      'what VectorEstimator makes',
    ],
  ])('refuses %s, naming the place', async (_, value, estimator, path, message) => {
    await expect(load(value, estimator)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_OTHER_MODEL', path, message: expect.stringContaining(message) }),
    );
  });

  it('names the encoder that refuses the rows', async () => {
    class Text extends Gaussian {
      static override readonly typeName = 'Text' as never;
      static override fromJSON = () => new Text(0);
      override sampler() {
        return { sample: (count: number) => new Array<never>(count).fill('a' as never) };
      }
      override toJSON() {
        return { type: 'Text', mu: 0 };
      }
    }
    const texts = createCodec({ types: [Text] });
    await expect(loadModel(texts.encode(new Text(0)), texts, g())).rejects.toThrow(
      'the model in the file has other rows than the estimator: Gaussian: row 0 must be a number.',
    );
  });
});
