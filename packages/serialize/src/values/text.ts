/** Strings as UTF-8, and as WTF-8 where a lone surrogate forbids UTF-8. Source: S. Sapin, The WTF-8 encoding. */

const encoder = new TextEncoder();
// A byte order mark is part of the string, not of the transport.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** True when the string has half of a surrogate pair, so that UTF-8 cannot hold it. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The string, or `undefined` when the bytes are not well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    // Browsers refuse to decode shared memory in place.
    return decoder.decode(bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice());
  } catch {
    return undefined;
  }
}

/** UTF-8 in which a lone surrogate is written like any other code point of three bytes. */
export function encodeWtf8(text: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const piece of text.split(/(\p{Surrogate})/u)) {
    if (piece.length === 1 && hasLoneSurrogate(piece)) {
      const unit = piece.charCodeAt(0);
      parts.push(Uint8Array.of(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)));
    } else parts.push(encodeUtf8(piece));
  }
  return concatenate(parts);
}

/** The string, or `undefined` when the bytes are not what {@link encodeWtf8} writes for some string. */
export function decodeWtf8(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    const second = bytes[i + 1];
    const third = bytes[i + 2];
    if (bytes[i] !== 0xed || second === undefined || third === undefined || second < 0xa0) continue;
    if (second > 0xbf || (third & 0xc0) !== 0x80) return undefined;
    const before = decodeUtf8(bytes.subarray(start, i));
    if (before === undefined) return undefined;
    parts.push(before, String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)));
    start = i + 3;
    i += 2;
  }
  const last = decodeUtf8(bytes.subarray(start));
  if (last === undefined) return undefined;
  const text = parts.join('') + last;
  // Two halves that meet form a whole character, which has only its UTF-8 form.
  return parts.length > 0 && encodeWtf8(text).length === bytes.length ? text : undefined;
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
