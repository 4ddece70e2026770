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
  const out = new Uint8Array(3 * text.length);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    if (code < 0x80) out[at++] = code;
    else {
      if (code < 0x800) out[at++] = 0xc0 | (code >> 6);
      else {
        if (code < 0x1_0000) out[at++] = 0xe0 | (code >> 12);
        else {
          out[at++] = 0xf0 | (code >> 18);
          out[at++] = 0x80 | ((code >> 12) & 0x3f);
          i++;
        }
        out[at++] = 0x80 | ((code >> 6) & 0x3f);
      }
      out[at++] = 0x80 | (code & 0x3f);
    }
  }
  return out.slice(0, at);
}

/** The least code point that needs so many bytes after the first. */
const LEAST = [0, 0x80, 0x800, 0x1_0000] as const;

/** Calls with more arguments than this may not fit on the stack. */
const UNITS_PER_CALL = 4096;

/** The string, or `undefined` when the bytes are not what {@link encodeWtf8} writes for some string. */
export function decodeWtf8(bytes: Uint8Array): string | undefined {
  // A code unit takes at least one byte, also in a pair of surrogates.
  const units = new Uint16Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++]!;
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if ((first >= 0x80 && first < 0xc0) || first > 0xf4) return undefined;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let i = 0; i < more; i++) {
      const next = bytes[at++];
      if (next === undefined || (next & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (next & 0x3f);
    }
    if (code < LEAST[more]! || code > 0x10_ffff) return undefined;
    if (code >= 0x1_0000) {
      units[count++] = 0xd7c0 + (code >> 10);
      units[count++] = 0xdc00 | (code & 0x3ff);
      continue;
    }
    // Two halves that meet form a whole character, which has only its UTF-8 form.
    if (isLow(code) && count > 0 && isHigh(units[count - 1]!)) return undefined;
    units[count++] = code;
  }
  let text = '';
  for (let start = 0; start < count; start += UNITS_PER_CALL) {
    text += String.fromCharCode(...units.subarray(start, Math.min(start + UNITS_PER_CALL, count)));
  }
  return text;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
