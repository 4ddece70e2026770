/**
 * Coverage-guided fuzzing of the four readers (binary, stream, JSON, printed dmx-learn models):
 * `node fuzz/run.mjs [seconds] [seed]` after a build.
 *
 * Inputs that reach new code, or run a block a new order of magnitude of times, are mutated further. Whatever an input
 * does, the reader must return a value or throw a CodecError, within a second and 64 MB; anything else stops the run and
 * leaves the input in fuzz/. In test/hostile stay the inputs that were accepted and reached new code, and one refused
 * input for each kind of refusal, made as short as it can be; the next run starts from them.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { CodecError, createCodec, importDmx } from '../dist/node.js';
import { seal, seeds, TOKENS } from './seeds.mjs';

const seconds = Number(process.argv[2] ?? 60);
let state = Number(process.argv[3] ?? 1) >>> 0;
const folder = new URL('../test/hostile/', import.meta.url);

/** Mulberry32: small, fast, and the same on every machine. */
function random(bound) {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % bound;
}

const session = new Session();
session.connect();
function post(method, params) {
  let answer;
  session.post(method, params, (error, result) => {
    if (error) throw new Error(error.message);
    answer = result;
  });
  return answer;
}
post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** What the last input did, as one string for each block and order of magnitude of its count. */
function features() {
  const found = [];
  for (const script of post('Profiler.takePreciseCoverage').result) {
    if (!script.url.includes('/serialize/dist/')) continue;
    for (const { ranges } of script.functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        if (count > 0) found.push(`${startOffset}:${endOffset}:${Math.floor(Math.log2(count))}`);
      }
    }
  }
  return found;
}

function mutate(input, others) {
  const bytes = [...input];
  for (let edits = 1 + random(4); edits > 0; edits--) {
    const at = random(bytes.length + 1);
    switch (random(6)) {
      case 0:
        if (at < bytes.length) bytes[at] ^= 1 << random(8);
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 2:
        bytes.splice(at, 1 + random(8));
        break;
      case 3:
        bytes.splice(at, random(3), ...TOKENS[random(TOKENS.length)]);
        break;
      case 4: {
        const start = random(bytes.length + 1);
        bytes.splice(at, 0, ...bytes.slice(start, start + 1 + random(32)));
        break;
      }
      default: {
        const other = others[random(others.length)];
        const start = random(other.length + 1);
        bytes.splice(at, random(16), ...other.slice(start, start + random(32)));
      }
    }
  }
  return Uint8Array.from(bytes.slice(0, 2000));
}

/** The input, or of its shorter forms the shortest one that does the same: halves, quarters, … are left out in turn. */
async function minimised(input, outcome, run) {
  let best = input;
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < best.length; ) {
      const shorter = Uint8Array.from([...best.subarray(0, at), ...best.subarray(at + size)]);
      if ((await outcomeOf(shorter, run)) === outcome) best = shorter;
      else at += size;
    }
  }
  return best;
}

/** `accepted`, or the kind of refusal: its code, and the words of its sentence that are not from the input. */
async function outcomeOf(input, run) {
  try {
    await run(input);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const text = Buffer.from(input).toString('latin1');
    const words = error.reason.replace(/ found .*/s, '').match(/[a-z]{4,}/gi) ?? [];
    return [error.code, ...words.filter((word) => !text.includes(word))].slice(0, 8).join(' ');
  }
}

async function campaign({ name, first, run, fileOf }) {
  const seen = new Set();
  const corpus = [];
  const kept = new Map();
  const started = Date.now();
  let runs = 0;
  const queue = [...first];
  while (queue.length > 0 || Date.now() - started < (seconds * 1000) / TARGETS.length) {
    const input = queue.shift() ?? mutate(corpus[random(corpus.length)], corpus);
    const begun = performance.now();
    const memory = process.memoryUsage().arrayBuffers;
    let outcome;
    try {
      outcome = await outcomeOf(input, run);
      if (performance.now() - begun > 1000) throw new Error(`${input.length} bytes took more than a second`);
      if (process.memoryUsage().arrayBuffers - memory > 2 ** 26) throw new Error(`${input.length} bytes took 64 MB`);
    } catch (error) {
      writeFileSync(new URL(`crash.${name}`, import.meta.url), fileOf(input));
      throw error;
    }
    runs++;
    const fresh = features().filter((feature) => !seen.has(feature));
    for (const feature of fresh) seen.add(feature);
    if (fresh.length > 0) corpus.push(input);
    // Of what is accepted, the inputs that reached new code; of what is refused, the shortest of each kind.
    const key = outcome === 'accepted' && fresh.length > 0 ? `accepted ${kept.size}` : outcome;
    if (key !== 'accepted' && (kept.get(key)?.input.length ?? Infinity) > input.length)
      kept.set(key, { outcome, input });
  }
  for (const { outcome, input } of kept.values()) {
    const file = fileOf(outcome === 'accepted' ? input : await minimised(input, outcome, run));
    const digest = createHash('sha256').update(file).digest('hex').slice(0, 8);
    writeFileSync(new URL(`${outcome.split(' ')[0]}-${digest}.${name}`, folder), file);
  }
  const accepted = [...kept.values()].filter(({ outcome }) => outcome === 'accepted').length;
  console.log(
    `${name}: ${runs} inputs, ${corpus.length} reached new code, ${seen.size} features, ${kept.size - accepted} kinds of refusal`,
  );
}

const codec = createCodec({ types: seeds.types });
const decoder = new TextDecoder();
const same = (input) => input;
/** In pieces of seven bytes, so that every head is cut somewhere. */
function* pieces(bytes) {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}
const TARGETS = [
  { name: 'dml', seeds: seeds.binary, run: (input) => codec.decode(seal(input)), fileOf: seal },
  { name: 'stream', seeds: seeds.stream, run: (input) => codec.decodeStream(pieces(seal(input))), fileOf: seal },
  { name: 'txt', seeds: seeds.json, run: (input) => codec.parse(decoder.decode(input)), fileOf: same },
  { name: 'dmx', seeds: seeds.dmx, run: (input) => importDmx(decoder.decode(input)), fileOf: same },
];

mkdirSync(folder, { recursive: true });
for (const target of TARGETS) {
  const files = readdirSync(folder).filter((file) => file.endsWith(`.${target.name}`));
  const earlier = files.map((file) => readFileSync(new URL(file, folder)));
  for (const file of files) rmSync(new URL(file, folder));
  const payloads = target.fileOf === seal ? earlier.map((file) => file.subarray(24)) : earlier;
  await campaign({ ...target, first: [...target.seeds, ...payloads] });
}
session.disconnect();
