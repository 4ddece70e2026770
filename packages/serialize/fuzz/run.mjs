/**
 * Coverage-guided fuzzing of both decoders: `node fuzz/run.mjs [seconds] [seed]` after a build.
 *
 * Inputs that reach new code, or run a block a new order of magnitude of times, are kept and mutated further. Whatever
 * an input does, the decoder must return a value or throw a CodecError within a second; anything else stops the run.
 * One refused input for each kind of refusal is kept in test/hostile, smaller ones replacing larger ones.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { CodecError, createCodec } from '../dist/node.js';
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

function campaign(name, firstInputs, decode, extension, fileOf) {
  const seen = new Set();
  const corpus = [];
  const refusals = new Map();
  const started = Date.now();
  let runs = 0;
  let accepted = 0;
  const queue = [...firstInputs];
  while (Date.now() - started < (seconds * 1000) / 2) {
    const input = queue.shift() ?? mutate(corpus[random(corpus.length)], corpus);
    const begun = performance.now();
    try {
      decode(input);
      accepted++;
    } catch (error) {
      if (!(error instanceof CodecError)) {
        writeFileSync(new URL(`crash${extension}`, import.meta.url), fileOf(input));
        throw error;
      }
      const kind = `${error.code} ${error.reason
        .replace(/ found .*/s, '')
        .replace(/0x[0-9a-f]+|"(?:[^"\\]|\\.)*"?|[-\d.]+/g, '#')
        .slice(0, 60)}`;
      const kept = refusals.get(kind);
      if (kept === undefined || input.length < kept.input.length) refusals.set(kind, { code: error.code, input });
    }
    if (performance.now() - begun > 1000) throw new Error(`an input of ${input.length} bytes took more than a second`);
    runs++;
    const fresh = features().filter((feature) => !seen.has(feature));
    if (fresh.length > 0) {
      for (const feature of fresh) seen.add(feature);
      corpus.push(input);
    }
  }
  for (const { code, input } of refusals.values()) {
    const file = fileOf(input);
    const digest = createHash('sha256').update(file).digest('hex').slice(0, 8);
    writeFileSync(new URL(`${code}-${digest}${extension}`, folder), file);
  }
  console.log(
    `${name}: ${runs} inputs, ${accepted} accepted, ${corpus.length} in the corpus, ${seen.size} features, ${refusals.size} kinds of refusal`,
  );
}

const codec = createCodec({ types: seeds.types });
mkdirSync(folder, { recursive: true });
const earlier = (extension) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(extension))
    .map((file) => readFileSync(new URL(file, folder)));
const earlierBinary = earlier('.dml').map((file) => file.subarray(24));
const earlierJson = earlier('.txt');
for (const file of readdirSync(folder)) rmSync(new URL(file, folder));

campaign('binary', [...seeds.binary, ...earlierBinary], (input) => codec.decode(seal(input)), '.dml', seal);
const decoder = new TextDecoder();
campaign(
  'JSON',
  [...seeds.json, ...earlierJson],
  (input) => codec.parse(decoder.decode(input)),
  '.txt',
  (input) => input,
);
session.disconnect();
