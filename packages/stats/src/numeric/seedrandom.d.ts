// The types of `seedrandom` know its index only, which loads seven generators where one is used.
declare module 'seedrandom/lib/alea.js' {
  /** Baagøe's Alea, seeded by a string: a generator of uniform numbers in [0, 1). */
  export default function alea(seed: string): () => number;
}
