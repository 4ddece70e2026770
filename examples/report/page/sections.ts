/** The sections of a report, each from plain data. */
import { coloursOf } from '../pictures/palette.js';
import type { ChartSpec } from '../pictures/spec.js';
import type { Description } from '../words/describe.js';
import { count, nats, percent, significant } from '../words/numbers.js';
import type { OddRow } from '../words/odd.js';
import { hiddenWords, type Summary, shownComponents } from '../words/summary.js';
import { choiceCells, fitWords, transitionCells } from '../words/text.js';
import { html, Markup, table } from './html.js';

/** A column of the data, as a reader of tables tells it. */
export interface ReportColumn {
  readonly name: string;
  /** `number`, `category`. */
  readonly type: string;
  /** False for a column that the model does not see. */
  readonly isUsed?: boolean;
  readonly missing?: number;
  /** What it holds, in words: `32.1 … 59.6, mean 43.9`. */
  readonly values?: string;
  /** Why it has this type. */
  readonly reason?: string;
}

/** A picture that is drawn. */
export interface Picture {
  readonly name: string;
  readonly spec: ChartSpec;
  readonly svg: string;
}

export function dataSection(columns: readonly ReportColumn[]): Markup {
  const hasReasons = columns.some(({ reason }) => reason !== undefined);
  const cells = columns.map(({ name, type, isUsed, missing, values, reason }) => [
    name,
    isUsed === false ? 'left out' : type,
    missing === undefined ? '' : count(missing),
    values,
    ...(hasReasons ? [reason] : []),
  ]);
  return table(
    [['column', 'type', 'missing', 'values', ...(hasReasons ? ['why'] : [])], ...cells],
    'The columns and how they are read',
  );
}

/** A card for each component. */
export function componentCards(told: Summary): Markup {
  const { components, kind } = told;
  const hidden = hiddenWords(told);
  const colours = coloursOf([...components].sort((a, b) => a.index - b.index).map(({ weight }) => weight));
  return html`<div class="cards">${shownComponents(told).shown.map((component) => {
    const { name, weight, fields, marks, correlations, meanDuration, first, index } = component;
    const facts: [string, string][] = fields.map(({ title, words }) => [title === '' ? 'value' : title, words]);
    if (meanDuration !== undefined) {
      facts.unshift([
        'stays',
        meanDuration === Infinity ? 'for ever' : `${significant(meanDuration, 2)} items on the average`,
      ]);
    }
    if (first !== undefined) facts.push(['begins', `${percent(first)} of the lists`]);
    for (const { paths, r } of correlations) facts.push([paths.join(' with '), `correlation ${significant(r, 2)}`]);
    return html`<article class="card" style="--swatch:${colours[index]}">
<h3><span>${name}</span> ${kind === 'model' ? undefined : html`<span>${percent(weight)}</span>`}</h3>
<dl>${facts.map(([term, words]) => html`<dt>${term}</dt><dd>${words}</dd>`)}</dl>
${marks.length === 0 ? undefined : html`<ul>${marks.map((mark) => html`<li>${mark}</li>`)}</ul>`}
</article>`;
  })}</div>${hidden === '' ? undefined : html`<p class="quiet">${hidden}.</p>`}`;
}

/** Pictures with their captions. */
export function figures(pictures: readonly Picture[]): Markup {
  return html`<div class="pictures">${pictures.map(figure)}</div>`;
}

function figure({ name, spec, svg }: Picture): Markup {
  // The picture says in words what it shows: its parts need not be read out one by one.
  const drawing = svg.replace(/^<svg /, `<svg role="img" aria-label="${html`${spec.description}`.text}" `);
  const isWide = name.startsWith('decoded');
  return html`<figure${isWide ? html` class="wide"` : undefined}>${unique(drawing, name)}<figcaption>${spec.description}</figcaption></figure>`;
}

/** Names of clip paths, which several pictures of one page would share. */
function unique(svg: string, name: string): Markup {
  const prefix = Array.from(name, (character) => character.charCodeAt(0).toString(36)).join('');
  return new Markup(svg.replace(/(id="|url\(#)(clip\d+)/g, `$1${prefix}-$2`));
}

export function differencesTable({ apart, titles, kind }: Summary): Markup | undefined {
  const known = apart.filter(({ information }) => !Number.isNaN(information));
  if (known.length === 0) return undefined;
  const cells = known.map(({ path, share, information, standardError }) => [
    titles[path] || 'value',
    `${Math.round(100 * Math.min(1, share))} %`,
    `${information.toFixed(2)}${standardError < 0.005 ? '' : ` ± ${standardError.toFixed(2)}`}`,
  ]);
  return table(
    [['field', `of what would settle the ${kind}`, 'nats'], ...cells],
    `What the value of one field alone tells about the ${kind}`,
    'numbers',
  );
}

export function transitionTable(told: Summary): Markup {
  return table(transitionCells(told), 'Steps from state to state', 'numbers');
}

/** The words of the fit, and the table over the number of components. */
export function qualityText(told: Description): Markup {
  const rows = choiceCells(told);
  const marked = rows.map((row) => {
    const isChosen = row[0] === '→';
    return [isChosen ? html`<strong>${row[1]!} (chosen)</strong>` : row[1]!, ...row.slice(2)];
  });
  return html`<p>${sentences(fitWords(told))}</p>
${told.table === undefined ? undefined : table(marked, 'Numbers of components that were tried', 'numbers')}`;
}

function sentences(words: readonly string[]): string {
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}.`).join(' ');
}

export function notesList({ notes }: Description): Markup {
  if (notes.length === 0)
    return html`<p>Nothing to report: no part of the model is empty, on a border, or far from its limit.</p>`;
  return html`<ul class="notes">${notes.map(
    ({ where, message, advice }) =>
      html`<li>${where === '' ? undefined : html`<strong>${where}</strong>: `}${message} ${advice}</li>`,
  )}</ul>`;
}

export function oddRowsTable(odd: readonly OddRow[], firstRow: number): Markup {
  const hasTails = odd.some(({ tail }) => tail !== undefined);
  const hasComponents = odd.some(({ component }) => component !== undefined);
  const cells = odd.map(({ row, logDensity, component, tail, values }) => [
    count(row + firstRow),
    ...(hasComponents ? [component] : []),
    nats(logDensity),
    ...(hasTails ? [tail && `${percent(tail.probability)} ± ${percent(tail.standardError)}`] : []),
    values.map(({ title, value, words }, i) => [
      i === 0 ? '' : html`<br>`,
      html`<strong>${title} ${value}</strong>`,
      words === '' ? '' : `: ${words}`,
    ]),
  ]);
  const head = [
    'row',
    ...(hasComponents ? ['nearest'] : []),
    'log-density',
    ...(hasTails ? ['as odd or more'] : []),
    'because of',
  ];
  return table([head, ...cells], 'The rows that the model finds least probable');
}

/** How to take the model elsewhere. */
export function loading(modelFile: string): Markup {
  const name = JSON.stringify(modelFile);
  const node = `import { createCodec, loadModel } from '@dml/serialize';
import { modelTypes } from '@dml/stats';

const content = await loadModel(${name}, createCodec({ types: modelTypes }));
const model = content.model ?? content;   // a file may say, beside the model, how columns are read
model.logDensity(row);   // how probable a row is`;
  const isText = modelFile.endsWith('.json');
  const read = isText
    ? `const text = await (await fetch(${name})).text();
const content = createCodec({ types: modelTypes }).parse(text);`
    : `const bytes = new Uint8Array(await (await fetch(${name})).arrayBuffer());
const content = createCodec({ types: modelTypes }).decode(bytes);`;
  const page = `import { createCodec } from '@dml/serialize';
import { modelTypes, predict } from '@dml/stats';

${read}
const model = content.model ?? content;   // a file may say, beside the model, how columns are read
predict(model, rows).labels;   // the component of each row`;
  const ranks = 'mpiexec -n 4 node program.js   # the program of the first block: each rank loads the same model';
  return html`<h3>In Node</h3><pre><code>${node}</code></pre>
<h3>In a page</h3><pre><code>${page}</code></pre>
<h3>Under mpiexec</h3><pre><code>${ranks}</code></pre>`;
}
