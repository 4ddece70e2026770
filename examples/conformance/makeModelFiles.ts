/**
 * Writes a model of every type, with rows and their scores: what a later version must still read and score alike.
 * The files were written once: run it for a new type, under the next number.
 * `npx tsup makeModelFiles.ts --format esm && node dist/makeModelFiles.js corpus/version-1`
 */
import { writeFileSync } from 'node:fs';
import { createCodec } from '@dml/serialize';
import {
  type AnyDistribution,
  DiagonalNormalGammaDistribution,
  DirichletDistribution,
  DirichletTableDistribution,
  GaussianDistribution,
  LevelBetaDistribution,
  LevelDirichletDistribution,
  MixtureDistribution,
  modelTypes,
  NormalGammaDistribution,
  NormalWishartDistribution,
  rebuildModel,
  VariationalDistribution,
} from '@dml/stats';
import { everyFamily } from '../../packages/stats/test/everyFamily.js';

/** Rows of each model. */
const ROWS = 5;

let state = 1;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

const normalGamma = new NormalGammaDistribution({ mu: 0.5, lambda: 2, alpha: 3, beta: 1.5 });
const colours = new LevelDirichletDistribution({ red: 2, blue: 0.5 }, { other: 0.25 });
const bell = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
/** A model, or what is known of parameters: the latter has no encoder. */
type Drawn = Pick<AnyDistribution, 'logDensity' | 'sampler'>;
const known: readonly Drawn[] = [
  normalGamma,
  new DiagonalNormalGammaDistribution({ mu: [0, 1], lambda: [2, 3], alpha: [3, 4], beta: [1, 2] }),
  new NormalWishartDistribution({ mu: [0, 1], lambda: 2, nu: 5, scatter: [[2, 0.5], [0.5, 1]] }), // biome-ignore format: a small table
  colours,
  new LevelBetaDistribution({ red: { alpha: 2, beta: 3 }, blue: { alpha: 0.5, beta: 1 } }),
  new DirichletTableDistribution({ red: colours, blue: colours }),
];
const variational = new VariationalDistribution(new MixtureDistribution([bell(-2), bell(2)], { w: [0.4, 0.6] }), {
  known: { w: new DirichletDistribution({ alpha: [5, 7] }), components: [normalGamma, normalGamma] },
});

const drawn = (model: Drawn) => ({ model, rows: model.sampler(1).sample(ROWS) });
const cases = [
  ...Object.values(everyFamily).map(({ model, row }) => ({
    model: rebuildModel(model, modelTypes) as Drawn,
    rows: Array.from({ length: ROWS }, (_, i) => row(random, i)),
  })),
  ...known.map(drawn),
  drawn(variational),
];
const content = cases.map(({ model, rows }) => ({
  model,
  rows,
  scores: rows.map((row) => model.logDensity(row as never)),
}));
const codec = createCodec({ types: modelTypes });
const [, , path] = process.argv;
writeFileSync(`${path}.dml`, codec.encode(content));
writeFileSync(`${path}.json`, `${codec.stringify(content)}\n`);
