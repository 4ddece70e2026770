/** The shape of the rows flows from estimator to model. These tests are checked by the compiler; running them is a formality. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  CategoricalDistribution,
  CategoricalEstimator,
  CompositeEstimator,
  type Distribution,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovDistribution,
  HiddenMarkovEstimator,
  HierarchicalMixtureEstimator,
  MixtureDistribution,
  MixtureEstimator,
  type ModelOf,
  OptionalEstimator,
  optimize,
  PoissonEstimator,
  RecordEstimator,
  type RowOf,
} from '../src/index.js';

const pair = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]);
const record = new RecordEstimator({
  x: new OptionalEstimator(new GaussianEstimator()),
  kind: new CategoricalEstimator<'a' | 'b'>(),
});
const mixture = new MixtureEstimator([pair, pair]);

describe('the types of rows and models', () => {
  it('give a composite the rows of its fields', () => {
    expectTypeOf<RowOf<typeof pair>>().toEqualTypeOf<readonly [number, string]>();
    expectTypeOf<ModelOf<typeof pair>['dists'][0]>().toEqualTypeOf<GaussianDistribution>();
    expectTypeOf<ModelOf<typeof pair>['dists'][1]>().toEqualTypeOf<CategoricalDistribution<string>>();
  });

  it('give a record the names of its fields', () => {
    expectTypeOf<RowOf<typeof record>>().toEqualTypeOf<{
      readonly x: number | null | undefined;
      readonly kind: 'a' | 'b';
    }>();
    expectTypeOf<ModelOf<typeof record>['fields']['x']['dist']['mu']>().toEqualTypeOf<number>();
  });

  it('reach through a mixture to the parameters', () => {
    const { model } = optimize(
      [
        [1, 'a'],
        [2, 'b'],
      ],
      mixture,
      { maxIterations: 1 },
    );
    expectTypeOf(model.components[0].dists[0].mu).toEqualTypeOf<number>();
    expectTypeOf(model.components[1].dists[1].p).toEqualTypeOf<ReadonlyMap<string, number>>();
    expectTypeOf(model.posterior).parameter(0).toEqualTypeOf<readonly [number, string]>();
    expectTypeOf(model).toExtend<Distribution<readonly [number, string]>>();
  });

  it('let rows be written in place', () => {
    const { model } = optimize(
      [
        { x: 1, kind: 'a' },
        { x: undefined, kind: 'b' },
      ],
      record,
      { maxIterations: 1 },
    );
    expectTypeOf(model.fields.kind.p).toEqualTypeOf<ReadonlyMap<'a' | 'b', number>>();
  });

  it('refuse rows of another shape', () => {
    const compileOnly = () => {
      // @ts-expect-error: the second field is a string
      optimize([[1, 2]], mixture);
      // @ts-expect-error: a field is missing
      optimize([[1]], pair);
      // @ts-expect-error: 'c' is not a level
      optimize([{ x: 1, kind: 'c' }], record);
      // @ts-expect-error: a missing kind is not allowed
      optimize([{ x: null, kind: null }], record);
      // @ts-expect-error: there is no third component
      optimize([[1, 'a']], mixture).model.components[2].dists;
      // @ts-expect-error: a start of another model
      optimize([1, 2], new GaussianEstimator(), { initialModel: optimize([[1, 'a']], pair).model });
    };
    expectTypeOf(compileOnly).returns.toBeVoid();
  });
});

describe('children over the same rows', () => {
  const [number, level] = [new GaussianEstimator(), new CategoricalEstimator()];
  const even = { w: [0.5, 0.5] };

  it('may be of several families, with rows of which one is part of the other', () => {
    const both = new MixtureEstimator([number, new PoissonEstimator()]);
    expectTypeOf<RowOf<typeof both>>().toEqualTypeOf<number>();
    const gaps = new MixtureEstimator([new OptionalEstimator(number), number]);
    expectTypeOf<RowOf<typeof gaps>>().toEqualTypeOf<number | null | undefined>();
    new MixtureEstimator([new CategoricalEstimator<'a' | 'b'>(), new CategoricalEstimator<'b' | 'c'>()]);
    new MixtureEstimator([record, record]);
    new HiddenMarkovEstimator([number, new PoissonEstimator()]);
  });

  it('do not compile over others', () => {
    // @ts-expect-error numbers beside strings
    new MixtureEstimator([number, level]);
    // @ts-expect-error pairs the other way round
    new MixtureEstimator([pair, new CompositeEstimator([level, number])]);
    // @ts-expect-error records of other fields
    new MixtureEstimator([record, new RecordEstimator({ y: number })]);
    // @ts-expect-error numbers beside strings
    new HiddenMarkovEstimator([number, level]);
    // @ts-expect-error numbers beside strings
    new HierarchicalMixtureEstimator([number, level], { mixtureCount: 2 });
    const [g, c] = [new GaussianDistribution({ mu: 0, sigma2: 1 }), new CategoricalDistribution({ a: 1 })];
    // @ts-expect-error numbers beside strings
    expect(() => new MixtureDistribution([g, c], even)).toThrow(/components\[1\]/);
    const transitions = [even.w, even.w];
    // @ts-expect-error numbers beside strings
    expect(() => new HiddenMarkovDistribution([g, c], { ...even, transitions })).toThrow(/emissions\[1\]/);
  });
});
