/** The result in one sentence that a person can repeat. */

import { count, significant } from '../words/numbers.js';
import { type Summary, shownComponents } from '../words/summary.js';

/** `The 344 rows of penguins.csv fall into 4 groups, told apart above all by body mass and beak depth.` */
export function sentenceOf(told: Summary, rowCount: number | undefined, source: string | undefined): string {
  const { kind } = told;
  const { shown: components } = shownComponents(told);
  const isOne = rowCount === 1;
  const rows = `${rowCount === undefined ? '' : `${count(rowCount)} `}${kind === 'state' ? 'list' : 'row'}${isOne ? '' : 's'}`;
  const subject = `The ${rows}${source === undefined ? '' : ` of ${source}`}`;
  if (components.length === 1) {
    const fields = components[0]!.fields.length;
    const what = fields === 1 ? 'one distribution' : `${count(fields)} fields, each with a distribution of its own`;
    return `${subject} ${isOne ? 'is' : 'are'} described by ${what}: no groups.`;
  }
  const main = list(
    told.apart
      .filter(({ share, path }) => share >= 0.1 && (told.titles[path] ?? '') !== '')
      .slice(0, 3)
      .map(({ path }) => told.titles[path]!),
  );
  const apart = main === '' ? '' : `, told apart above all by ${main}`;
  if (kind === 'state') {
    const stays = components.map(({ meanDuration }) =>
      meanDuration === Infinity ? 'ever' : significant(meanDuration!, 2),
    );
    const unit = stays.every((stay) => stay === 'ever') ? '' : ' items on the average';
    return `${subject} ${isOne ? 'moves' : 'move'} between ${count(components.length)} states${apart}; each is kept for ${list(stays)}${unit}.`;
  }
  if (kind === 'topic') return `${subject} are mixed from ${count(components.length)} topics.`;
  return `${subject} ${isOne ? 'falls' : 'fall'} into ${count(components.length)} groups${apart}.`;
}

/** `a, b and c`. */
function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
