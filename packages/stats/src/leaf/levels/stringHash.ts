/** Hashes of strings, by few of their characters or by more. The high bits depend on all that is hashed. */

/** What is hashed: the end of a string; many of its characters; nothing, where these do not tell strings apart either. */
export const [END, MANY, NOTHING] = [0, 1, 2];

/** Strings up to this length are hashed over all characters, if over many. */
const WHOLE = 32;

/** @param hashed  {@link END}, {@link MANY} or {@link NOTHING} */
export function hashOf(text: string, hashed: number): number {
  if (hashed === END) return hashOfEnd(text);
  return hashed === MANY ? hashOfMany(text) : 0;
}

/** From the length and the last four characters; written out, as a loop is slower. */
function hashOfEnd(text: string): number {
  const { length } = text;
  let mixed = length;
  if (length >= 4) {
    mixed = Math.imul(mixed, 31) + text.charCodeAt(length - 4);
    mixed = Math.imul(mixed, 31) + text.charCodeAt(length - 3);
    mixed = Math.imul(mixed, 31) + text.charCodeAt(length - 2);
    mixed = Math.imul(mixed, 31) + text.charCodeAt(length - 1);
  } else for (let i = 0; i < length; i++) mixed = Math.imul(mixed, 31) + text.charCodeAt(i);
  // Fibonacci hashing: the high bits of a product depend on all bits. Knuth, The Art of Computer Programming, vol. 3, section 6.4.
  return Math.imul(mixed, 0x9e3779b1);
}

/** From the length and all characters, or as many that are spread over a longer string. */
function hashOfMany(text: string): number {
  const { length } = text;
  let mixed = length;
  if (length <= WHOLE) for (let i = 0; i < length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x01000193);
  else {
    const step = (length - 1) / (WHOLE - 1);
    for (let i = 0; i < WHOLE; i++) {
      mixed = Math.imul(mixed ^ text.charCodeAt(Math.floor(i * step)), 0x01000193);
    }
  }
  return Math.imul(mixed ^ (mixed >>> 15), 0x9e3779b1);
}
