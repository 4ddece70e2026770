/**
 * Speed of @dml/serialize beside v8.serialize, cbor-x, msgpackr, cborg and JSON, in one run:
 * `node bench/serialize/run.mjs [rounds]` after a build. Rounds are interleaved and the smallest time of each codec
 * counts, because the machine's other work only ever adds time. Times are microseconds per call.
 */
import { createRequire } from 'node:module';
import os from 'node:os';
import v8 from 'node:v8';
import { createCodec } from '../../packages/serialize/dist/node.js';

const require = createRequire(new URL('../../packages/serialize/package.json', import.meta.url));
const cborX = require('cbor-x');
const msgpackr = require('msgpackr');
const cborg = await import('../../packages/serialize/node_modules/cborg/cborg.js');
const rounds = Number(process.argv[2] ?? 30);

class Gaussian {
  static typeName = 'Gaussian';
  static typeVersion = 1;
  static fromJSON({ mu, sigma2 }) {
    return new Gaussian(mu, sigma2);
  }
  constructor(mu, sigma2) {
    if (!Number.isFinite(mu) || !(sigma2 > 0)) throw new RangeError('Gaussian');
    this.mu = mu;
    this.sigma2 = sigma2;
  }
  toJSON() {
    return { type: 'Gaussian', mu: this.mu, sigma2: this.sigma2 };
  }
}

/** Any family whose constructor takes its fields as they are. */
function family(typeName) {
  return class {
    static typeName = typeName;
    static typeVersion = 1;
    static fromJSON(fields) {
      return new this(fields);
    }
    constructor(fields) {
      this.fields = fields;
    }
    toJSON() {
      return { type: typeName, ...this.fields };
    }
  };
}

const Categorical = family('Categorical');
const Composite = family('Composite');
const Mixture = family('Mixture');

/** A mixture of 10 composites of a Gaussian and a categorical of 8 levels: 110 numbers, 31 models. */
const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const model = new Mixture({
  components: Array.from({ length: 10 }, (_, k) => {
    const p = levels.map((_, i) => (i + 1) / 36 + k / 1000);
    return new Composite({
      dists: [new Gaussian(Math.sin(k), 1 + k / 7), new Categorical({ levels: [...levels], p, unseen: 0 })],
    });
  }),
  w: Array.from({ length: 10 }, (_, k) => (k + 1) / 55),
});
/** The same numbers as plain data: what the other codecs can hold. */
const plain = JSON.parse(JSON.stringify(model));
const doubles = Float64Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i));
const rows = Array.from({ length: 100_000 }, (_, i) => [Math.sin(i), levels[i % 8]]);
const records = rows.map(([height, kind], id) => ({ id, kind, height, isAdult: id % 3 === 0 }));
const numbers = Array.from(doubles.subarray(0, 200_000));
const counts = Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 100_000);

const codec = createCodec({ types: [Gaussian, Categorical, Composite, Mixture] });
const structured = new cborX.Encoder({ structuredClone: true });
const packer = new msgpackr.Packr({ structuredClone: true });
const peers = [
  ['v8', v8.serialize, v8.deserialize],
  ['JSON', JSON.stringify, JSON.parse],
  ['cbor-x', cborX.encode, cborX.decode],
  ['cbor-x structuredClone', (x) => structured.encode(x), (b) => structured.decode(b)],
  ['msgpackr', msgpackr.pack, msgpackr.unpack],
  ['msgpackr structuredClone', (x) => packer.pack(x), (b) => packer.unpack(b)],
  ['cborg', cborg.encode, cborg.decode],
];

const workloads = [
  ['model of 110 numbers, 31 live models', model, plain, 10],
  ['the same as plain data', plain, plain, 10],
  ['Float64Array of 1e6', doubles, doubles, 1],
  ['100,000 rows [number, string]', rows, rows, 1],
  ['100,000 records of 4 fields', records, records, 1],
  ['200,000 fractions in an array', numbers, numbers, 1],
  ['200,000 integers in an array', counts, counts, 1],
];

function seconds(run, repeats) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < repeats; i++) run();
  return Number(process.hrtime.bigint() - start) / 1e9 / repeats;
}

console.log(`Node ${process.version}, ${os.cpus()[0].model}, ${rounds} rounds, minima`);
for (const [title, own, theirs, repeats] of workloads) {
  const entries = [
    ['@dml/serialize', codec.encode, codec.decode, own],
    ['@dml/serialize JSON', codec.stringify, codec.parse, own],
    ...peers.map((peer) => [...peer, theirs]),
  ]
    // Text forms of a million doubles take a second a piece and say nothing new.
    .filter(([name]) => theirs !== doubles || !name.includes('JSON'))
    .map(([name, encode, decode, value]) => {
      const encoded = encode(value);
      return { name, encode, decode, value, encoded, encodeTime: Infinity, decodeTime: Infinity };
    });
  // Short windows, often repeated: the minimum then comes from a moment when nothing else ran.
  const times = repeats === 1 ? rounds : 60 * rounds;
  for (let round = 0; round < times; round++) {
    // Another one begins each round: a large array makes the engine collect garbage, always at the same place in a round.
    const first = round % entries.length;
    for (const entry of [...entries.slice(first), ...entries.slice(0, first)]) {
      entry.encodeTime = Math.min(
        entry.encodeTime,
        seconds(() => entry.encode(entry.value), repeats),
      );
      entry.decodeTime = Math.min(
        entry.decodeTime,
        seconds(() => entry.decode(entry.encoded), repeats),
      );
    }
  }
  const [ours] = entries;
  console.log(`\n${title}`);
  console.log('codec                     encode us  ratio   decode us  ratio       bytes');
  for (const { name, encoded, encodeTime, decodeTime } of entries) {
    const cells = [
      name.padEnd(25),
      (encodeTime * 1e6).toFixed(1).padStart(9),
      (encodeTime / ours.encodeTime).toFixed(2).padStart(6),
      (decodeTime * 1e6).toFixed(1).padStart(11),
      (decodeTime / ours.decodeTime).toFixed(2).padStart(6),
      String(encoded.length).padStart(11),
    ];
    console.log(cells.join(' '));
  }
  if (theirs === doubles) {
    const rate = (time) => (doubles.byteLength / 1e9 / time).toFixed(2);
    console.log(
      `@dml/serialize: ${rate(ours.encodeTime)} GB/s encode, ${rate(ours.decodeTime)} GB/s decode, checksum included`,
    );
  }
}
