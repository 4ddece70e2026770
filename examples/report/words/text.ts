/** Summaries and descriptions as text for a terminal, and as Markdown. */
import type { Description } from './describe.js';
import { count, nats, percent, significant, twoDecimals } from './numbers.js';
import { type ComponentSummary, hiddenWords, type Summary, shownComponents } from './summary.js';
import { type Cells, escapeMarkdown, markdownTable, textTable, wordsOf, wrap } from './table.js';

const WIDTH = 100;
/** A field that tells less than this part of what would settle the component is called one of the least. */
const LITTLE = 0.02;

/** A summary or a description as text, in lines of about 100 characters. */
export function toText(told: Summary | Description): string {
  if (!('summary' in told)) return `${[headline(told), ...body(told)].join('\n')}\n`;
  const lines = [headline(told.summary, told), ...body(told.summary)];
  if (told.table !== undefined && told.table.length > 1) lines.unshift(...textTable(choiceCells(told), 2), '');
  lines.push(`  fit: ${fitWords(told).join('; ')}`);
  for (const { where, message, advice } of told.notes) {
    lines.push(
      ...indent(
        wrap(wordsOf(`${where === '' ? '' : `${where}: `}${message} ${advice}`), WIDTH - 4, ' '),
        '  ! ',
        '    ',
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The same as Markdown. */
export function toMarkdown(told: Summary | Description): string {
  const of = 'summary' in told ? told.summary : told;
  const description = 'summary' in told ? told : undefined;
  const lines = [`**${escapeMarkdown(headline(of, description))}**`, '', ...markdownTable(componentCells(of)), ''];
  if (hiddenWords(of) !== '') lines.push(`${escapeMarkdown(hiddenWords(of))}.`, '');
  if (of.length !== undefined) lines.push(`Items of a list: ${escapeMarkdown(of.length)}.`, '');
  const apart = apartWords(of);
  if (apart !== undefined) lines.push(`What tells them apart: ${escapeMarkdown(apart)}.`, '');
  if (of.transitions !== undefined) lines.push(...markdownTable(transitionCells(of)), '');
  if (description !== undefined) {
    lines.push(`Fit: ${escapeMarkdown(fitWords(description).join('; '))}.`, '');
    if (description.table !== undefined) lines.push(...markdownTable(choiceCells(description), 2), '');
    for (const { where, message, advice } of description.notes) {
      lines.push(`- ${where === '' ? '' : `**${escapeMarkdown(where)}**: `}${escapeMarkdown(`${message} ${advice}`)}`);
    }
    if (description.notes.length > 0) lines.push('');
  }
  return lines.join('\n');
}

/** `4 components of 344 rows (converged, about 2e-7 nats left)`. */
export function headline(told: Summary, description?: Description): string {
  const { kind, type } = told;
  const { shown: components } = shownComponents(told);
  const what = kind === 'model' ? `one ${type}` : `${components.length} ${kind}${components.length === 1 ? '' : 's'}`;
  if (description === undefined) return what;
  const { rowCount, fit } = description;
  const rows =
    rowCount === undefined
      ? ''
      : ` of ${count(rowCount)} ${kind === 'state' ? 'list' : 'row'}${rowCount === 1 ? '' : 's'}`;
  return `${what}${rows} (${reasonWords(fit)})`;
}

function reasonWords({ reason, remainingGain, iterations }: Description['fit']): string {
  const left = Number.isNaN(remainingGain) ? '' : `, about ${significant(remainingGain, 1)} nats left`;
  switch (reason) {
    case 'converged':
      return `converged${left}`;
    case 'maxIterations':
      return `not converged after ${count(iterations)} ${iterations === 1 ? 'iteration' : 'iterations'}${left}`;
    case 'decreased':
      return 'stopped where the likelihood fell';
    case 'aborted':
      return `stopped by hand${left}`;
    case 'failed':
      return 'failed';
  }
}

/** Log-likelihood, criteria and starts. */
export function fitWords({ fit, criteria }: Description): string[] {
  const { logLikelihood, objective, iterations, agreeing, trials } = fit;
  const words = [
    `log-likelihood ${nats(logLikelihood)} after ${count(iterations)} ${iterations === 1 ? 'iteration' : 'iterations'}`,
  ];
  if (objective !== undefined) words.push(`with the prior ${nats(objective)}`);
  if (criteria !== undefined) {
    const { parameterCount, aic, bic, entropyR2 } = criteria;
    words.push(`${count(parameterCount)} parameters`, `AIC ${nats(aic)}`, `BIC ${nats(bic)}`);
    if (entropyR2 !== undefined && criteria.entropy !== 0) words.push(`entropy R² ${twoDecimals(entropyR2)}`);
  }
  if (agreeing !== undefined && trials !== undefined) words.push(`${agreeing} of ${trials} starts agree`);
  return words;
}

/** The fields, the most telling first; `undefined` where there is nothing to compare. */
export function apartWords({ apart, titles }: Summary): string | undefined {
  const known = apart.filter(({ information }) => !Number.isNaN(information));
  if (known.length === 0) return undefined;
  const name = (path: string) => titles[path] || 'the value';
  const telling = known.filter(({ share }) => share >= LITTLE);
  const least = known.filter(({ share }) => share < LITTLE);
  const words = telling.map(({ path, share }) => `${name(path)} ${Math.round(100 * Math.min(1, share))} %`);
  if (telling.length === 0) return 'no field tells much';
  if (least.length === 0) return words.join(', ');
  return `${words.join(', ')} (hardly: ${least.map(({ path }) => name(path)).join(', ')})`;
}

function body(of: Summary): string[] {
  const { kind } = of;
  const { shown: components } = shownComponents(of);
  const nameWidth = Math.max(...components.map(({ name }) => name.length));
  const lines = components.flatMap((component) => {
    const phrases = phrasesOf(component);
    if (kind === 'model') return phrases.map((phrase) => `  ${phrase}`);
    const head = `  ${percent(component.weight).padStart(7)}  ${component.name.padEnd(nameWidth)}  `;
    return indent(wrap(phrases, WIDTH - head.length), head, ' '.repeat(head.length));
  });
  if (hiddenWords(of) !== '') lines.push(`  ${hiddenWords(of)}`);
  if (of.length !== undefined) lines.push(`  items of a list: ${of.length}`);
  const apart = apartWords(of);
  if (apart !== undefined) {
    lines.push(...indent(wrap(wordsOf(`what tells them apart: ${apart}`), WIDTH - 4, ' '), '  ', '    '));
  }
  if (of.transitions !== undefined && components.length > 1)
    lines.push(...textTable(transitionCells(of)).map((l) => `  ${l}`));
  return lines;
}

/** What a component is like, field by field. */
function phrasesOf({ fields, correlations, meanDuration }: ComponentSummary): string[] {
  const phrases = fields.map(({ title, words }) => (title === '' ? words : `${title} ${words}`));
  if (meanDuration !== undefined && !Number.isNaN(meanDuration)) {
    phrases.unshift(`stays ${meanDuration === Infinity ? 'for ever' : `${significant(meanDuration, 2)} items`}`);
  }
  return [...phrases, ...correlations.map(({ paths, r }) => `r(${paths.join(', ')}) ${significant(r, 2)}`)];
}

function indent(lines: readonly string[], first: string, others: string): string[] {
  return (lines.length === 0 ? [''] : lines).map((line, i) => (i === 0 ? first : others) + line);
}

/** A row for each field, a column for each component. */
function componentCells(told: Summary): Cells {
  const { titles, kind } = told;
  const { shown: components } = shownComponents(told);
  const paths = Object.keys(titles);
  const words = (component: ComponentSummary, path: string) =>
    component.fields.find((field) => field.path === path)?.words ?? '';
  const head = components.map(({ name, weight }) => (kind === 'model' ? '' : `${name} (${percent(weight)})`));
  const stays = components.some(({ meanDuration }) => meanDuration !== undefined)
    ? [['stays', ...components.map(({ meanDuration }) => `${significant(meanDuration ?? Number.NaN, 2)} items`)]]
    : [];
  return [
    ['', ...head],
    ...stays,
    ...paths.map((path) => [titles[path] || 'value', ...components.map((component) => words(component, path))]),
  ];
}

/** P(to | from), a row for each state, in the order of the components. */
export function transitionCells({ components, transitions = [] }: Summary): Cells {
  const names = components.map(({ name }) => name);
  return [
    ['from', ...names.map((name) => `to ${name}`)],
    ...components.map(({ index, name }) => [name, ...components.map((to) => percent(transitions[index]![to.index]!))]),
  ];
}

/** The numbers of components that were tried. */
export function choiceCells({ table = [], chosen }: Description): Cells {
  const hasIcl = table.some(({ icl }) => icl !== undefined);
  const head = [
    '',
    'k',
    'log-likelihood',
    'parameters',
    'BIC',
    ...(hasIcl ? ['ICL', 'entropy R²'] : []),
    'starts agreeing',
  ];
  return [
    head,
    ...table.map((row) => [
      row.componentCount === chosen ? '→' : '',
      count(row.componentCount),
      nats(row.logLikelihood),
      Number.isNaN(row.parameterCount) ? '' : count(row.parameterCount),
      nats(row.bic),
      ...(hasIcl ? [nats(row.icl ?? Number.NaN), twoDecimals(row.entropyR2 ?? Number.NaN)] : []),
      `${row.agreeing} of ${row.trials}`,
    ]),
  ];
}
