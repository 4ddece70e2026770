/** The page: what is shown, and what a person does. All computing is in the worker. */
import type { ColumnType } from '@dml-examples/tables';
import { columnItem, LEFT_OUT, markColumn } from './page/columnList.js';
import { componentCard, legend } from './page/componentCard.js';
import { curve } from './page/curve.js';
import { byId, element } from './page/element.js';
import { colourOf, fieldPicture } from './page/fieldPicture.js';
import { planePicture } from './page/plane.js';
import { rowPanel } from './page/rowPanel.js';
import type { Answer, Candidate, Download, ModelPicture, Request, ShownModel, ShownTable } from './protocol.js';

/** A row, with values in place of its own. */
interface AskedRow {
  readonly at: number;
  readonly edits: Readonly<Record<string, string | null>>;
}

const worker = new Worker(new URL('./engine/worker.js', import.meta.url), { type: 'module' });
const ask = (request: Request) => worker.postMessage(request);

let table: ShownTable | undefined;
let model: ShownModel | undefined;
let picture: ModelPicture | undefined;
let candidates: readonly Candidate[] = [];
let component: number | undefined;
let types: Record<string, ColumnType> = {};
let leftOut: string[] = [];
/** The last change of a type, which is taken back when the column cannot have it. */
let before: { readonly types: Record<string, ColumnType>; readonly leftOut: string[] } = { types, leftOut };
let row: AskedRow | undefined;
/** The last one that could be shown. */
let shownRow: AskedRow | undefined;

const columnList = byId('column-list');
const detail = byId('detail');
const slider = byId<HTMLInputElement>('k');
const criterion = byId<HTMLSelectElement>('criterion');
const stopButton = byId<HTMLButtonElement>('stop');

// Files

function open(file: Blob, name: string): void {
  showError('');
  types = {};
  leftOut = [];
  byId('source').textContent = `Reading ${name} …`;
  ask({ type: 'open', file, name });
}

byId<HTMLInputElement>('file').addEventListener('change', ({ currentTarget }) => {
  const input = currentTarget as HTMLInputElement;
  const file = input.files?.[0];
  if (file !== undefined) open(file, file.name);
  input.value = ''; // so that the same file can be opened again
});
byId('sample').addEventListener('click', async () => {
  const answer = await fetch('penguins.json');
  open(await answer.blob(), 'penguins.json');
});
addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('dragging');
});
addEventListener('dragleave', () => document.body.classList.remove('dragging'));
addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('dragging');
  const file = event.dataTransfer?.files[0];
  if (file !== undefined) open(file, file.name);
});

// Columns

function changeType(name: string, type: string): void {
  before = { types, leftOut };
  const { [name]: _, ...others } = types;
  const rest = leftOut.filter((other) => other !== name);
  types = type === LEFT_OUT ? others : { ...others, [name]: type as ColumnType }; // the choices are types
  leftOut = type === LEFT_OUT ? [...rest, name] : rest;
  ask({ type: 'types', types, ignore: leftOut });
}

function showTable(shown: ShownTable): void {
  table = shown;
  const focused = (document.activeElement?.closest('li') as HTMLElement | null)?.dataset.column;
  const { name, rowCount, columns, notes } = shown;
  const [rows, ofColumns] = [rowCount === 1 ? 'row' : 'rows', columns.length === 1 ? 'column' : 'columns'];
  const sentence = `${name}: ${rowCount.toLocaleString('en-US')} ${rows}, ${columns.length} ${ofColumns}.`;
  byId('source').textContent = [sentence, ...notes].join(' ');
  columnList.replaceChildren(...columns.map((column) => columnItem(column, rowCount, changeType)));
  for (const item of columnList.querySelectorAll('li')) {
    if (item.dataset.column === focused) item.querySelector('select')?.focus();
  }
  document.querySelector('main')!.hidden = false;
  byId<HTMLInputElement>('row').max = String(rowCount);
  forgetModel();
  showPictures();
}

function forgetModel(): void {
  model = undefined;
  picture = undefined;
  candidates = [];
  component = undefined;
  row = undefined;
  setRunning(false);
  detail.replaceChildren();
  for (const id of ['choice', 'worst', 'row-form', 'downloads', 'embedding']) byId(id).hidden = true;
  forgetEmbedding();
  byId('no-model').hidden = false;
  byId('legend').replaceChildren();
}

// The fit

byId('fit').addEventListener('submit', (event) => {
  event.preventDefault();
  forgetModel();
  setRunning(true);
  const most = byId<HTMLInputElement>('most').valueAsNumber;
  ask({ type: 'fit', most, criterion: criterion.value as 'bic' | 'icl' | 'aic' });
});
stopButton.addEventListener('click', () => {
  ask({ type: 'stop' });
  stopButton.disabled = true;
});
slider.addEventListener('input', () => {
  byId('k-value').textContent = slider.value;
  ask({ type: 'show', k: slider.valueAsNumber });
});

function setRunning(isRunning: boolean): void {
  byId('running').hidden = !isRunning;
  stopButton.disabled = !isRunning;
  byId<HTMLButtonElement>('start').disabled = isRunning;
  if (isRunning) byId('no-model').hidden = true;
}

function showCandidates(): void {
  if (candidates.length === 0) return;
  const shown = model?.k ?? candidates.at(-1)!.k;
  byId('choice').hidden = false;
  slider.max = String(candidates.length);
  slider.value = String(shown);
  slider.disabled = model === undefined;
  byId('k-value').textContent = String(shown);
  byId('curve').replaceChildren(curve(candidates, shown, criterion.value.toUpperCase()));
}

// Pictures

function showPictures(): void {
  if (table === undefined) return;
  const figures = table.columns.flatMap(({ name, bars, counts, isUsed }) => {
    if (bars === undefined || !isUsed) return [];
    const expected = picture?.fields.find(({ field }) => field === name)?.expected;
    const title = `${name}: rows as outlined bars${expected ? `, stacked over them ${expected.length} components` : ''}`;
    const drawing = fieldPicture({ title, bars, counts, ...(expected && { expected }) });
    return [element('figure', {}, element('figcaption', {}, name), drawing)];
  });
  byId('pictures').replaceChildren(...figures);
  if (picture !== undefined) {
    byId('legend').replaceChildren(...legend(picture.weights, colourOf, component, selectComponent));
  }
  markComponent();
}

function markComponent(): void {
  byId('pictures').classList.toggle('some', component !== undefined);
  for (const part of document.querySelectorAll<SVGElement>('#pictures .part')) {
    part.classList.toggle('chosen', part.dataset.k === String(component));
  }
  for (const button of document.querySelectorAll<HTMLElement>('#legend button')) {
    button.setAttribute('aria-pressed', String(button.dataset.component === String(component)));
  }
}

byId('pictures').addEventListener('click', ({ target }) => {
  const k = (target as SVGElement).dataset.k;
  if (k !== undefined) selectComponent(Number(k));
});

function selectComponent(k: number): void {
  component = component === k ? undefined : k;
  markComponent();
  if (model === undefined) return; // while a fit runs there are no words yet
  row = undefined;
  detail.replaceChildren(...(component === undefined ? [] : [componentCard(model, component)]));
  if (component !== undefined) bringToView();
}

// Rows in the plane

for (const method of ['tsne', 'umap'] as const) {
  byId(`embed-${method}`).addEventListener('click', () => {
    forgetEmbedding();
    byId<HTMLButtonElement>('embed-stop').disabled = false;
    byId('embed-status').textContent = 'looking for neighbours …';
    ask({ type: 'embed', method });
  });
}
byId('embed-stop').addEventListener('click', () => ask({ type: 'stopEmbedding' }));

function forgetEmbedding(): void {
  byId('plane').replaceChildren();
  byId('embed-status').textContent = '';
  byId<HTMLButtonElement>('embed-stop').disabled = true;
}

function showEmbedding({ placed, share }: Answer & { readonly type: 'embedding' }): void {
  const isDone = share === 1;
  byId('plane').replaceChildren(planePicture(placed, (at) => askRow(at, {})));
  byId<HTMLButtonElement>('embed-stop').disabled = isDone;
  const all = table?.rowCount ?? placed.length;
  const some =
    placed.length < all ? `${placed.length.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} rows; ` : '';
  byId('embed-status').textContent = isDone ? `${some}click a point to see its row` : `${Math.round(100 * share)} %`;
}

// Rows

byId('row-form').addEventListener('submit', (event) => {
  event.preventDefault();
  askRow(byId<HTMLInputElement>('row').valueAsNumber - 1, {});
});

function askRow(at: number, edits: Readonly<Record<string, string | null>>): void {
  row = { at, edits };
  byId<HTMLInputElement>('row').value = String(at + 1);
  ask({ type: 'row', row: at, edits });
}

function showWorst({ worst }: ShownModel): void {
  byId('worst').hidden = worst.length === 0;
  const items = worst.map(({ row: at, logDensity, component: k }) => {
    const words = `row ${at + 1}: log-density ${logDensity.toFixed(1)}, component ${k + 1}`;
    const button = element('button', { type: 'button' }, words);
    button.addEventListener('click', () => askRow(at, {}));
    return element('li', {}, button);
  });
  byId('worst-list').replaceChildren(...items);
}

/** On narrow screens what is selected stands far below. */
function bringToView(): void {
  byId('selected-title').scrollIntoView({ block: 'nearest' });
}

function showRow(answer: Answer & { readonly type: 'row' }): void {
  if (row === undefined || table === undefined) return;
  showError('');
  shownRow = row;
  component = undefined;
  markComponent();
  const focused = (document.activeElement?.closest('[data-field]') as HTMLElement | null)?.dataset.field;
  const panel = rowPanel(
    answer.row,
    table.columns,
    (field, value) => askRow(row!.at, { ...row!.edits, [field]: value }),
    () => askRow(row!.at, {}),
  );
  detail.replaceChildren(panel);
  if (!answer.row.isEdited) bringToView();
  for (const line of detail.querySelectorAll<HTMLElement>('[data-field]')) {
    if (line.dataset.field === focused) line.querySelector<HTMLElement>('input, select')?.focus();
  }
}

// Downloads

for (const what of ['model', 'report', 'scores'] as const satisfies readonly Download[]) {
  byId(`save-${what}`).addEventListener('click', () => ask({ type: 'download', what }));
}

function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the browser may not have read it yet
}

// Answers

function showError(message: string): void {
  byId('error').textContent = message;
  byId('error').hidden = message === '';
}

function showModel(shown: ShownModel): void {
  model = shown;
  picture = shown.picture;
  component = undefined;
  row = undefined;
  detail.replaceChildren(...shown.notes.map((note) => element('p', { class: 'hint' }, note)));
  byId('row-form').hidden = false;
  byId('embedding').hidden = shown.k < 2;
  forgetEmbedding();
  byId('downloads').hidden = false;
  showCandidates();
  showPictures();
  showWorst(shown);
}

worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
  switch (data.type) {
    case 'table':
      showError('');
      return showTable(data.table);
    case 'progress':
      byId<HTMLProgressElement>('bar').value = data.share;
      byId('status').textContent = data.words;
      picture = data.picture ?? picture;
      return showPictures();
    case 'candidates':
      candidates = data.candidates;
      return showCandidates();
    case 'fitted':
      return setRunning(false);
    case 'model':
      return showModel(data.model);
    case 'embedding':
      return showEmbedding(data);
    case 'row':
      return showRow(data);
    case 'file':
      return save(data.name, data.content);
    case 'error':
      return showFailure(data);
  }
});

function showFailure({ message, column, during }: Answer & { readonly type: 'error' }): void {
  if (during === 'fit') setRunning(false);
  if (during === 'embed') forgetEmbedding();
  if (during === 'row') row = shownRow;
  if (during === 'open') byId('source').textContent = '';
  const isAtColumn = table?.columns.some(({ name }) => name === column) === true && during !== 'open';
  if (during === 'types') {
    ({ types, leftOut } = before);
    if (table !== undefined)
      columnList.replaceChildren(...table.columns.map((c) => columnItem(c, table!.rowCount, changeType)));
  }
  if (isAtColumn) markColumn(columnList, column, message);
  else showError(message);
}
