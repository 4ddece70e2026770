import type { Limits } from '../checks/limits.js';
import { CodecError } from '../errors.js';
import type { Container, Piece } from './document.js';

/** A container that fits on a line of this many characters is printed on one. */
const LINE = 100;
const INDENT = '  ';

/** Prints a document so that a person can read it: small things on one line, large ones one member per line. */
export function printJson(document: Piece, { maxBytes }: Limits): string {
  const text = `${new Printer().print(document, '')}\n`;
  if (text.length <= maxBytes) return text;
  const reason = `${text.length} characters, more than limits.maxBytes = ${maxBytes}.`;
  throw new CodecError({ code: 'ERR_LIMIT', reason });
}

class Printer {
  readonly #ids = new Map<Container, number>();

  print(piece: Piece, indent: string): string {
    const flat = this.#flat(piece, LINE - indent.length);
    if (flat !== undefined) return flat;
    if (typeof piece === 'string' || piece.is === 'mention') return this.#short(piece);
    const inner = indent + INDENT;
    if (piece.mentioned) {
      const id = this.#idOf(piece);
      return `{\n${inner}"$id": ${id},\n${inner}"$value": ${this.#broken(piece, inner)}\n${indent}}`;
    }
    return this.#broken(piece, indent);
  }

  #broken(piece: Container, indent: string): string {
    const inner = indent + INDENT;
    if (piece.is === 'array') {
      if (piece.children.every((child) => typeof child === 'string')) return filled(piece.children, indent);
      return `[\n${piece.children.map((child) => inner + this.print(child, inner)).join(',\n')}\n${indent}]`;
    }
    const members = piece.children.map((child, i) => `${inner}${piece.keys[i]}: ${this.print(child, inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }

  /** The piece on one line, or `undefined` when it has more than `room` characters. */
  #flat(piece: Piece, room: number): string | undefined {
    if (typeof piece === 'string' || piece.is === 'mention') {
      const text = this.#short(piece);
      return text.length <= room ? text : undefined;
    }
    // An `$id` is given in the order of the document, so it must not be given in a trial that fails.
    if (piece.mentioned) return piece.children.length === 0 ? this.#flatShared(piece) : undefined;
    const [open, close] = piece.is === 'array' ? '[]' : ['{ ', ' }'];
    if (piece.children.length === 0) return piece.is === 'array' ? '[]' : '{}';
    let text = open!;
    for (const [i, child] of piece.children.entries()) {
      if (text.length > room) return undefined;
      const flat = this.#flat(child, room - text.length);
      if (flat === undefined) return undefined;
      text += (i > 0 ? ', ' : '') + (piece.is === 'array' ? flat : `${piece.keys[i]}: ${flat}`);
    }
    text += close!;
    return text.length <= room ? text : undefined;
  }

  #flatShared(piece: Container): string {
    return `{ "$id": ${this.#idOf(piece)}, "$value": ${piece.is === 'array' ? '[]' : '{}'} }`;
  }

  #short(piece: Exclude<Piece, Container>): string {
    return typeof piece === 'string' ? piece : `{ "$ref": ${this.#idOf(piece.of)} }`;
  }

  #idOf(piece: Container): number {
    const id = this.#ids.get(piece) ?? this.#ids.size + 1;
    this.#ids.set(piece, id);
    return id;
  }
}

/** Numbers and words, as many on a line as fit. */
function filled(children: readonly string[], indent: string): string {
  const inner = indent + INDENT;
  const lines: string[] = [];
  let line = inner;
  children.forEach((child, i) => {
    const text = i < children.length - 1 ? `${child},` : child;
    if (line.length > inner.length && line.length + text.length + 1 > LINE) {
      lines.push(line);
      line = inner;
    }
    line += line.length > inner.length ? ` ${text}` : text;
  });
  return `[\n${[...lines, line].join('\n')}\n${indent}]`;
}
