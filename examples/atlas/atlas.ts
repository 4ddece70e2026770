/** All results of the atlas. */
import type { Result } from './result.js';
import { chains } from './results/chains.js';
import { counts } from './results/counts.js';
import { gaussians } from './results/gaussians.js';
import { hiddenMarkov } from './results/hiddenMarkov.js';
import { latentClasses } from './results/latentClasses.js';
import { lifetimes } from './results/lifetimes.js';
import { poissonMixtures } from './results/poissonMixtures.js';

export const atlas: readonly Result[] = [
  ...counts,
  ...lifetimes,
  ...chains,
  ...poissonMixtures,
  ...hiddenMarkov,
  ...latentClasses,
  ...gaussians,
];
