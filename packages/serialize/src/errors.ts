/** Every way in which a value or a file can be refused. The words are stable: programs may compare them. */
export type CodecErrorCode =
  | 'ERR_NOT_A_MODEL_FILE'
  | 'ERR_NEWER_FORMAT'
  | 'ERR_HEADER'
  | 'ERR_TRUNCATED'
  | 'ERR_TRAILING_BYTES'
  | 'ERR_CHECKSUM'
  | 'ERR_MALFORMED'
  | 'ERR_LIMIT'
  | 'ERR_DUPLICATE_KEY'
  | 'ERR_CYCLE'
  | 'ERR_REFERENCE'
  | 'ERR_UNKNOWN_TYPE'
  | 'ERR_NEWER_TYPE'
  | 'ERR_INVALID_VALUE'
  | 'ERR_OTHER_MODEL'
  | 'ERR_UNKNOWN_FIELD'
  | 'ERR_UNSUPPORTED_VALUE'
  | 'ERR_TYPE_DEFINITION'
  | 'ERR_OPTION'
  | 'ERR_FILE'
  | 'ERR_DMX_SYNTAX'
  | 'ERR_DMX_VALUE';

/** The facts of a refusal, before they become a sentence. */
export interface CodecErrorFacts {
  readonly code: CodecErrorCode;
  /** What was found, what was expected, what to do. */
  readonly reason: string;
  /** Place inside the value, such as `components[0].dists[1].mu`. Empty for the whole value. */
  readonly path?: string;
  /** Name of the file, when there is one. */
  readonly file?: string;
  /** The error that a constructor or the file system raised, when it is the reason. */
  readonly cause?: unknown;
}

/**
 * A value cannot be written, or a file or message cannot be read.
 *
 * The message is `file: path: reason`, without the parts that do not apply.
 *
 * @example
 * ```ts
 * try {
 *   codec.decode(bytes);
 * } catch (error) {
 *   if (error instanceof CodecError && error.code === 'ERR_CHECKSUM') console.log('damaged in transit');
 * }
 * ```
 */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code: CodecErrorCode;
  readonly path: string;
  readonly reason: string;
  readonly file: string | undefined;

  /** @throws {CodecError} `ERR_OPTION` unless it is given a code and a reason */
  constructor(facts: CodecErrorFacts) {
    const { code, reason, path = '', file, cause } = checkedFacts(facts);
    const place = [file, cut(path, MAX_PATH)].filter((part) => part !== undefined && part !== '');
    const shortReason = cut(reason, MAX_REASON);
    super([...place, shortReason].join(': '), cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.reason = shortReason;
    this.file = file;
  }

  /** The same error, naming the file in which it was met. */
  inFile(file: string): CodecError {
    return inFile(this, file);
  }
}

// Outside the class: bundlers rename one that names itself in its body.

function checkedFacts(facts: CodecErrorFacts): CodecErrorFacts {
  const { code, reason, path = '' } = facts ?? {};
  if ([code, reason, path].every((fact) => typeof fact === 'string')) return facts;
  throw new CodecError({
    code: 'ERR_OPTION',
    reason: 'CodecError: expected an object with code and reason as strings.',
  });
}

function inFile({ code, reason, path, cause }: CodecError, file: string): CodecError {
  return new CodecError({ code, reason, path, file, cause });
}

/** A message fits on a screen, whatever the file or the error of a constructor holds. */
const MAX_REASON = 1200;
const MAX_PATH = 300;

/** The beginning and the end of a long text. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 100)} … ${text.slice(-97)}`;
}

/** Prints a path: `components[0].w`, and `["odd key"]` for a key that is not a plain word. */
export function formatPath(keys: readonly (string | number)[]): string {
  let text = '';
  for (const key of keys) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (key.length <= 40 && /^[\p{L}_$<][\p{L}\p{N}_$ >]*$/u.test(key)) text += text === '' ? key : `.${key}`;
    else text += `[${JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key)}]`;
  }
  return text;
}

/** The path of `key` in the value at `path`. */
export function joinPath(path: string, key: string): string {
  const last = formatPath([key]);
  return path === '' || last.startsWith('[') ? path + last : `${path}.${last}`;
}

/** Text from a file in quotes, cut when it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Engines raise a RangeError of their own wording when recursion is too deep for the stack that is left. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack|recursion/i.test(error.message);
}
