/** All commands, in the order of a person's questions. */

import type { Command } from './command.js';
import { convert } from './commands/convert.js';
import { describe } from './commands/describe.js';
import { embed } from './commands/embed.js';
import { estep } from './commands/estep.js';
import { explain } from './commands/explain.js';
import { fit } from './commands/fit.js';
import { inspect } from './commands/inspect.js';
import { merge } from './commands/merge.js';
import { predict } from './commands/predict.js';
import { sample } from './commands/sample.js';
import { score } from './commands/score.js';
import { verify } from './commands/verify.js';

export const COMMANDS: readonly Command[] = [
  inspect,
  fit,
  describe,
  score,
  predict,
  explain,
  sample,
  embed,
  convert,
  verify,
  estep,
  merge,
];
