// Two habits in what stays on a list of three things; the lists before are alike, so they are estimated together.
import {
  type EditRow,
  IntegerBernoulliEditDistribution,
  IntegerBernoulliEditEstimator,
  IntegerBernoulliSetDistribution,
  IntegerBernoulliSetEstimator,
  IntegerStepBernoulliEditEstimator,
  MixtureDistribution,
  MixtureEstimator,
  optimize,
} from '@dml/stats';
import { near, ofShare } from '../recover.js';

const initial = new IntegerBernoulliSetDistribution({ p: [0.3, 0.3, 0.3] });
const habits = [
  new IntegerBernoulliEditDistribution({ added: [0.01, 0.5, 0.5], kept: [0.05, 0.9, 0.9], initial }),
  new IntegerBernoulliEditDistribution({ added: [0.5, 0.01, 0.01], kept: [0.9, 0.05, 0.05], initial }),
] as const;
const rows: EditRow[] = new MixtureDistribution(habits, { w: [0.5, 0.5] }).sampler(1).sample(5000);

const before = new IntegerBernoulliSetEstimator({ valueCount: 3, pseudoCount: 1, key: 'lists before' });
const own = { valueCount: 3, pseudoCount: 1, initial: before };
const each = new IntegerBernoulliEditEstimator(own);
const { model } = optimize(rows, new MixtureEstimator([each, each]), { seed: 1, maxIterations: 300 });
const first = model.components[0].added[0]! < 0.25 ? 0 : 1;
near('added to the list, by the first habit', model.components[first]!.added[1]!, 0.5, 0.06);
near('kept, by the first habit', model.components[first]!.kept[1]!, 0.9, 0.08);
near('kept, by the other', model.components[1 - first]!.kept[1]!, 0.05, 0.05);
near('on a list before', model.components[0].initial.p[0]!, 0.3, ofShare(0.3, 5000));
near('the same for both', model.components[0].initial.p[0]! - model.components[1].initial.p[0]!, 0, 0);

// As few levels as the rows ask for: two things that are alike have one. The model above has more levels than this family, and so a higher
// likelihood: the fit begins with what it says of each row, not with the model.
const stepped = new IntegerStepBernoulliEditEstimator(own);
const responsibilities = rows.map((row) => model.posterior(row));
const levels = optimize(rows, new MixtureEstimator([stepped, stepped]), { responsibilities }).model;
near('levels of what is kept, of three things', new Set(levels.components[first]!.kept).size, 2, 0);
