/** What the fuzzer starts from: files of many values, pieces worth inserting, and the types of the tests. */
import { createCodec } from '../dist/node.js';

class Gaussian {
  static typeName = 'Gaussian';
  static typeVersion = 1;
  static fromJSON({ mu, sigma2 }) {
    if (!(sigma2 > 0) || !Number.isFinite(mu)) throw new RangeError('Gaussian: sigma2 must be > 0.');
    return new Gaussian(mu, sigma2);
  }
  constructor(mu, sigma2) {
    this.mu = mu;
    this.sigma2 = sigma2;
  }
  toJSON() {
    return { type: 'Gaussian', mu: this.mu, sigma2: this.sigma2 };
  }
}

class Mixture {
  static typeName = 'Mixture';
  static typeVersion = 2;
  static fromJSON({ components, w }) {
    if (!Array.isArray(components)) throw new TypeError('Mixture: components must be a list.');
    return new Mixture(components, w);
  }
  constructor(components, w) {
    this.components = components;
    this.w = w;
  }
  toJSON() {
    return { type: 'Mixture', components: this.components, w: this.w };
  }
}

const types = [Gaussian, Mixture];
const codec = createCodec({ types });
const shared = new Gaussian(0, 1);
const values = [
  1,
  [1, -1, 300, -70000, 2 ** 40, 0.5, -0, Number.NaN],
  { text: 'é\ud800', __proto: null, type: 'x', $map: 1 },
  new Mixture([shared, shared, new Gaussian(1, 2)], new Float64Array([0.25, 0.75])),
  new Map([
    [1, 'a'],
    ['1', new Set([1n, -(2n ** 70n)])],
  ]),
  [new Date(5), new Date(Number.NaN), undefined, null, true, false],
  [new Uint8Array(3), new Int16Array(2), new BigInt64Array(2), new ArrayBuffer(2)],
  // biome-ignore lint/suspicious/noSparseArray: holes are part of the format
  [, 1, ,],
];

/** The first bytes of a file's header; version 1. */
const MAGIC = [0x89, 0x44, 0x4d, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 0, 0];

/** A file around this payload, with a checksum that fits, so that mutations reach the decoder. */
export function seal(payload) {
  const file = new Uint8Array(24 + payload.length);
  file.set(MAGIC);
  file.set(payload, 24);
  const view = new DataView(file.buffer);
  view.setUint32(12, checksum(payload));
  view.setUint32(20, payload.length);
  return file;
}

/** XXH32 by its definition, independent of the package. */
function checksum(bytes) {
  const [p1, p2, p3, p4, p5] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1];
  const rotate = (x, by) => ((x << by) | (x >>> (32 - by))) >>> 0;
  const word = (at) => (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
  const round = (lane, input) => Math.imul(rotate((lane + Math.imul(input, p2)) >>> 0, 13), p1) >>> 0;
  const lanes = [(p1 + p2) >>> 0, p2, 0, -p1 >>> 0];
  let at = 0;
  for (; at + 16 <= bytes.length; at += 16) for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i], word(at + 4 * i));
  let hash =
    bytes.length < 16 ? p5 : rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
  hash = (hash + bytes.length) >>> 0;
  for (; at + 4 <= bytes.length; at += 4)
    hash = Math.imul(rotate((hash + Math.imul(word(at), p3)) >>> 0, 17), p4) >>> 0;
  for (; at < bytes.length; at++) hash = Math.imul(rotate((hash + Math.imul(bytes[at], p5)) >>> 0, 11), p1) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), p2);
  hash = Math.imul(hash ^ (hash >>> 13), p3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Typed arrays before the tree, smaller than a writer would put there. */
const blobs = ['8281d81cd85648000000000000f03fd81d00', '8282d81cd840420102d81cd84d420304 82d81d01d81d00'].map((hex) =>
  Buffer.from(hex.replaceAll(' ', ''), 'hex'),
);

const gaussian = 'GaussianDistribution(mu=0.0, sigma2=1.0, name=None, keys=(None, None))';
const printed = [
  `MixtureDistribution([${gaussian}, ${gaussian}], w=np.array([ 0.25, 7.5e-01], dtype=np.float64()))  # fitted`,
  `CategoricalDistribution({'a': 0.5, "it's": 0.25, 1: .25}, default_value=0.0)`,
  `OptionalDistribution(${gaussian}, p=0.1, missing_value=float("nan"))`,
  `SequenceDistribution(PoissonDistribution(3.0), len_dist=NullDistribution(), len_normalized=False)`,
  `MarkovChainDistribution({'a': 1.0}, {'a': {'a': 0.5, 'b': 0.5}}, len_dist=None, default_value=-inf)`,
  `HiddenMarkovModelDistribution([PoissonDistribution(1.)], [1.0], [[1.0]], [[1.0]], terminal_values={1, 'x\\n'})`,
  `[x, (1,), set(), frozenset({2}), -1e-3, 12345678901234567890, True, 'caf\\u00e9\\x41\\101']`,
];

const words = [
  '{',
  '}',
  '[',
  ']',
  '"type":',
  '"$map":[[1,2]]',
  '{"$ref":1}',
  '{"$id":1,"$value":[]}',
  '{"$bigint":"1"}',
  '{"$Float64Array":[1,"NaN","NaN:7ff8000000000001"]}',
  '{"$dml":1,"$value":',
  '{"$hole":true}',
  '{"$date":"2024-02-29T12:00:00.000Z"}',
  '18446744073709551616',
  'np.float32(0.1)',
  'array([0.1],dtype=int8)',
  "'\\N{BULLET}'",
  'NullDistribution()',
  'np.array([',
  '])',
  'keys=None,',
  "'\\x41'",
  '(1,)',
  '1e400',
];
const hexes = [
  'd81c',
  'd81d00',
  'd81b83',
  'd81ff7',
  'd856',
  'd90103',
  'd90102',
  'd90111',
  'd903e9',
  'c2',
  'c3',
  '1b',
  '5a',
  'fb7ff8',
  '9f',
  'ff',
];

export const TOKENS = [...words.map((word) => Buffer.from(word)), ...hexes.map((hex) => Buffer.from(hex, 'hex'))];

export const seeds = {
  types,
  binary: values.map((value) => codec.encode(value).subarray(24)),
  stream: [...values.map((value) => codec.encode(value).subarray(24)), ...blobs],
  json: values.map((value) => Buffer.from(codec.stringify(value))),
  dmx: printed.map((text) => Buffer.from(text)),
};
