/** One HTML file that tells what a model says: nothing is loaded, nothing runs. */
import type { AnyDistribution, Rows } from '@dml/stats';
import { type ChartOptions, charts } from '../pictures/charts.js';
import { renderSvg } from '../pictures/render.js';
import { type AnyFit, type DescribeOptions, type Description, describe } from '../words/describe.js';
import { count } from '../words/numbers.js';
import { oddRows } from '../words/odd.js';
import { type Summary, shownComponents, summary } from '../words/summary.js';
import { headline } from '../words/text.js';
import { html, Markup, table } from './html.js';
import * as sections from './sections.js';
import { sentenceOf } from './sentence.js';
import { STYLE } from './style.js';

/** What a report is made of. */
export interface ReportInput
  extends Pick<DescribeOptions, 'titles' | 'names' | 'shares' | 'seed' | 'weights' | 'estimator' | 'advice'>,
    Pick<ChartOptions, 'labels' | 'points' | 'lists'> {
  /** The fit; or the model alone, and then nothing is said of the fit. */
  readonly fit?: AnyFit;
  readonly model?: AnyDistribution;
  /** Without rows, pictures show the model alone. */
  readonly rows?: Rows<unknown>;
  /** Default: the file that the rows come from, or the family of the model. */
  readonly title?: string;
  /** Where the rows come from: `penguins.csv`. */
  readonly source?: string;
  /** The columns of the data and how they were read. */
  readonly columns?: readonly sections.ReportColumn[];
  /** The number of the first row, as the source counts. Default 0. */
  readonly firstRow?: number;
  /** The file of the model, for the programs that load it. Default `model.dml`. */
  readonly modelFile?: string;
  /** How many of the least probable rows are shown. Default 5. */
  readonly oddRows?: number;
  /** Further lines of the receipt: versions, the command, the date. One of the name of another line stands in its place. */
  readonly receipt?: Readonly<Record<string, string>>;
}

/** A heading and what stands below it. */
interface Section {
  readonly id: string;
  readonly heading: string;
  readonly content: Markup;
}

/**
 * A report: one HTML file without scripts and without anything to load, for screens, paper and screen readers.
 * @throws {TypeError} without a fit and a model
 * @example
 * writeFileSync('report.html', await report({ fit, rows, source: 'penguins.csv' }));
 */
export async function report(input: ReportInput): Promise<string> {
  const { fit, rows, titles, names, source } = input;
  const model = fit?.model ?? input.model;
  if (model === undefined) throw new TypeError('report: fit or model must be given, found neither.');
  const description = fit && describe(fit, optionsFor(input));
  const told = description?.summary ?? summary(model, optionsFor(input));
  const pictures = await drawn(model, input, told);
  const named = (prefix: string) => pictures.filter(({ name }) => name === prefix || name.startsWith(`${prefix}:`));
  const odd =
    rows === undefined || rows.length === 0 || input.oddRows === 0
      ? []
      : oddRows(model, rows, { count: input.oddRows ?? 5, ...(titles && { titles }), ...(names && { names }) });
  const all: Section[] = [];
  const add = (id: string, heading: string, ...content: readonly (Markup | undefined)[]) => {
    const shown = content.filter((part) => part !== undefined);
    if (shown.length > 0) all.push({ id, heading, content: html`${shown}` });
  };
  const pictureOf = (...prefixes: readonly string[]) => {
    const found = prefixes.flatMap(named);
    return found.length === 0 ? undefined : sections.figures(found);
  };
  add('data', 'The data', input.columns && sections.dataSection(input.columns));
  add('components', headingOf(told), sections.componentCards(told));
  if (told.transitions !== undefined && told.components.length > 1) {
    add('steps', 'From state to state', pictureOf('transitions', 'decoded'), sections.transitionTable(told));
  }
  add('fields', 'Field by field', pictureOf('field'));
  add(
    'differences',
    'How they differ',
    pictureOf('apart', 'certainty', 'confusion', 'embedding'),
    sections.differencesTable(told),
  );
  if (description !== undefined) {
    add('fit', 'How the fit went', sections.qualityText(description), pictureOf('choice', 'path'));
    add('findings', 'What to look at', sections.notesList(description));
  }
  if (odd.length > 0) add('odd', 'The oddest rows', sections.oddRowsTable(odd, input.firstRow ?? 0));
  add('loading', 'Where to take it', sections.loading(input.modelFile ?? 'model.dml'));
  add('receipt', 'Receipt', await receiptTable(model, input));
  const title = input.title ?? source ?? told.type;
  return page(title, sentenceOf(told, rows?.length, source), factsOf(told, description), all);
}

function optionsFor({ rows, weights, estimator, titles, names, shares, seed, advice }: ReportInput): DescribeOptions {
  return {
    ...(rows && { rows }),
    ...(weights && { weights }),
    ...(estimator && { estimator }),
    ...(titles && { titles }),
    ...(names && { names }),
    ...(shares && { shares }),
    ...(seed !== undefined && { seed }),
    ...(advice && { advice }),
  };
}

/** All pictures, with the shares of the summary. */
async function drawn(model: AnyDistribution, input: ReportInput, told: Summary): Promise<readonly sections.Picture[]> {
  const { rows, fit, labels, points, lists, titles, names, seed } = input;
  const shares = [...told.components].sort((a, b) => a.index - b.index).map(({ weight }) => weight);
  const specs = charts(model, rows, {
    shares,
    ...(fit && { fit }),
    ...(labels && { labels }),
    ...(points && { points }),
    ...(lists && { lists }),
    ...(titles && { titles }),
    ...(names && { names }),
    ...(seed !== undefined && { seed }),
  });
  const pictures: sections.Picture[] = [];
  for (const [name, spec] of Object.entries(specs)) pictures.push({ name, spec, svg: await renderSvg(spec) });
  return pictures;
}

function headingOf(told: Summary): string {
  const { kind } = told;
  const { shown: components } = shownComponents(told);
  if (kind === 'model') return 'The model';
  return `The ${kind}s${components.length === 1 ? '' : `, ${count(components.length)} in all`}`;
}

function factsOf(told: Summary, description: Description | undefined): string {
  const doubts = description?.notes.length ?? 0;
  const words = headline(told, description);
  return doubts === 0 ? `${words}.` : `${words}; ${count(doubts)} ${doubts === 1 ? 'thing' : 'things'} to look at.`;
}

async function receiptTable(model: AnyDistribution, { fit, receipt = {}, source, rows }: ReportInput): Promise<Markup> {
  const fingerprint = await fingerprintOf(model);
  const lines = new Map<string, string | Markup>();
  if (source !== undefined) lines.set('source', source);
  if (rows !== undefined) lines.set('rows', count(rows.length));
  if (fit !== undefined) lines.set('seed', String(fit.seed)).set('acceleration', fit.acceleration);
  if (fingerprint !== undefined) lines.set('fingerprint of the model', html`<code>${fingerprint}</code>`);
  for (const [name, words] of Object.entries(receipt)) lines.set(name, words);
  return table([['what', 'is'], ...lines], 'With these the same model comes out again');
}

/** SHA-256 of the model as JSON; `undefined` in a page without the functions for it, which need a secure address. */
async function fingerprintOf(model: AnyDistribution): Promise<string | undefined> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return undefined;
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(model)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function page(title: string, lead: string, facts: string, all: readonly Section[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="DML report">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="lead">${lead}</p>
<p class="facts">${facts}</p>
<nav aria-label="Contents"><ul>${all.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
</header>
<main>
${all.map(({ id, heading, content }) => html`<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2>\n${content}</section>\n`)}
</main>
</body>
</html>
`.text;
}
