/** What the page asks for, computed: it runs in a worker, and knows nothing of one. */

import { createCodec } from '@dml/serialize';
import { type ColumnRows, type Criterion, em, MixtureEstimator, modelTypes } from '@dml/stats';
import { report } from '@dml-examples/report';
import {
  type ColumnType,
  estimatorOf,
  inferTypes,
  type Row,
  type RowEstimator,
  readTable,
  rowsOf,
  type Table,
  TableError,
  type TypedColumn,
} from '@dml-examples/tables';
import type { Answer, Download, EmbeddingMethod, Request } from '../protocol.js';
import { shownTable } from './columns.js';
import { embedded } from './embedding.js';
import { type Mixture, pictureOf } from './picture.js';
import { shownRow } from './row.js';
import { Search } from './search.js';
import { ADVICE, scoredTable, shownModel } from './shown.js';

/** What is known of the open table. */
export interface Opened {
  readonly name: string;
  readonly table: Table;
  readonly types: readonly TypedColumn[];
  readonly rows: ColumnRows<Row>;
}

export class Engine {
  readonly #post: (answer: Answer) => void;
  #opened: Opened | undefined;
  #search: Search | undefined;
  #k = 0;
  #embedding: AbortController | undefined;

  constructor(post: (answer: Answer) => void) {
    this.#post = post;
  }

  /** Answers a request; what is wrong is an answer, too. */
  async handle(request: Request): Promise<void> {
    try {
      await this.#answer(request);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const { row, column } = error instanceof TableError ? error : {};
      this.#post({
        type: 'error',
        message,
        during: request.type,
        ...(row !== undefined && { row }),
        ...(column !== undefined && { column }),
      });
    }
  }

  async #answer(request: Request): Promise<void> {
    switch (request.type) {
      case 'open':
        return this.#open(request.file, request.name);
      case 'types':
        return this.#read(this.#table.name, this.#table.table, request.types, request.ignore);
      case 'fit':
        return this.#fit(request.most, request.criterion);
      case 'stop':
        return this.#search?.stop();
      case 'embed':
        return this.#embed(request.method);
      case 'stopEmbedding':
        return this.#embedding?.abort();
      case 'show':
        return this.#show(request.k);
      case 'row':
        return this.#post({ type: 'row', row: shownRow(this.#table, this.#model, request.row, request.edits) });
      case 'download':
        return this.#download(request.what);
    }
  }

  async #open(file: Blob, name: string): Promise<void> {
    const table = await readTable(file, { name });
    if (table.length === 0) throw new TableError(`${name} has no rows.`);
    this.#read(name, table, {}, []);
  }

  /** A type that a column cannot have leaves all as it was. */
  #read(name: string, table: Table, types: Readonly<Record<string, ColumnType>>, ignore: readonly string[]): void {
    const typed = inferTypes(table, { types, ignore });
    const rows = rowsOf(table, typed);
    this.#search?.stop();
    this.#endEmbedding();
    this.#search = undefined;
    this.#opened = { name, table, types: typed, rows };
    this.#post({ type: 'table', table: shownTable(this.#opened) });
  }

  async #fit(most: number, criterion: Criterion): Promise<void> {
    this.#search?.stop();
    this.#endEmbedding();
    const { table, types, rows } = this.#table;
    const row = estimatorOf(types, table);
    const search = new Search(rows, (k) => mixtureOf(row, k), criterion);
    this.#search = search;
    const isCurrent = () => this.#search === search; // until another table or fit takes its place
    let best: number;
    try {
      best = await search.run(most, {
        onProgress: (share, words, model) => {
          if (!isCurrent()) return;
          this.#post({ type: 'progress', share, words, picture: model && pictureOf(this.#table, model) });
        },
        onCandidates: (candidates) => {
          if (isCurrent()) this.#post({ type: 'candidates', candidates });
        },
      });
    } catch (error) {
      if (!isCurrent()) return;
      throw search.isStopped ? new Error('The fit was stopped before it had a model.') : error;
    }
    if (!isCurrent()) return;
    this.#post({ type: 'fitted', isStopped: search.isStopped });
    this.#show(best);
  }

  #show(k: number): void {
    if (this.#fits.fitOf(k) === undefined) throw new Error(`No model of ${k} components was fitted.`);
    this.#endEmbedding();
    this.#k = k;
    const fit = this.#fits.comparedFit(k);
    this.#post({ type: 'model', model: shownModel(this.#table, k, fit, this.#fits.estimator(k)) });
  }

  /** Of another model or table: what it still finds is of no use. */
  #endEmbedding(): void {
    this.#embedding?.abort();
    this.#embedding = undefined;
  }

  async #embed(method: EmbeddingMethod): Promise<void> {
    this.#endEmbedding();
    const own = new AbortController();
    this.#embedding = own;
    const post = (placed: Awaited<ReturnType<typeof embedded>>, share: number) => {
      if (this.#embedding === own) this.#post({ type: 'embedding', placed, share });
    };
    post(await embedded(this.#model, this.#table.rows, method, { signal: own.signal, onPicture: post }), 1);
  }

  async #download(what: Download): Promise<void> {
    const { name, rows, types } = this.#table;
    const stem = name.replace(/\.\w+(\.gz)?$/, '');
    if (what === 'scores') {
      this.#post({ type: 'file', name: `${stem}-scored.csv`, content: scoredTable(this.#table, this.#model) });
    } else if (what === 'model') {
      const text = createCodec({ types: modelTypes }).stringify(this.#modelFile());
      this.#post({ type: 'file', name: `${stem}-model.json`, content: new Blob([text], { type: 'application/json' }) });
    } else {
      const text = await report({
        fit: this.#fits.comparedFit(this.#k),
        estimator: this.#fits.estimator(this.#k),
        rows,
        columns: types,
        source: name,
        firstRow: 1,
        modelFile: `${stem}-model.json`,
        advice: ADVICE,
        receipt: { seed: `${this.#fits.fitOf(this.#k)!.seed}, that of optimize for the start which came highest` },
      });
      this.#post({ type: 'file', name: `${stem}-report.html`, content: new Blob([text], { type: 'text/html' }) });
    }
  }

  /** A model file of `dml`, the command line: the model, and how columns become the fields of its rows. */
  #modelFile() {
    const { table, types, rows } = this.#table;
    const { model, logLikelihood, seed } = this.#fits.fitOf(this.#k)!;
    const algorithm = em(this.#fits.estimator(this.#k));
    // The columns of no rows, with the levels of all.
    const schema = algorithm.slice(algorithm.encode(rows as readonly unknown[]), 0, 0);
    const facts = { componentCount: this.#k, rowCount: table.length, seed, logLikelihood };
    return { model, meta: { writer: 'dml', types, ...facts, schema } };
  }

  get #table(): Opened {
    if (this.#opened === undefined) throw new Error('Open a file first.');
    return this.#opened;
  }

  get #fits(): Search {
    if (this.#search === undefined) throw new Error('Fit a model first.');
    return this.#search;
  }

  get #model(): Mixture {
    const fit = this.#fits.fitOf(this.#k);
    if (fit === undefined) throw new Error('Fit a model first.');
    return fit.model;
  }
}

function mixtureOf(row: RowEstimator, k: number): MixtureEstimator<readonly RowEstimator[]> {
  return new MixtureEstimator<readonly RowEstimator[]>(Array.from({ length: k }, () => row) as never);
}
