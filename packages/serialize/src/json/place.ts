import { CodecError, type CodecErrorCode, formatPath, quoted } from '../errors.js';
import type { JsonScanner } from './scan.js';

/** Where a parser stands in the value that it makes, and how it refuses what it finds there. */
export class JsonPlace {
  readonly #scanner: JsonScanner;
  /** `keys[d]` is the key of the child that is being read at depth d. */
  readonly keys: (string | number)[] = [];
  depth = 0;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  text(): string {
    return formatPath(this.keys.slice(1, this.depth + 1));
  }

  fail(code: CodecErrorCode, reason: string): never {
    throw new CodecError({ code, reason, path: this.text() });
  }

  /** Refuses what comes next. */
  unexpected(expected: string): never {
    if (this.#scanner.atEnd()) this.#scanner.expected(expected);
    return this.fail('ERR_MALFORMED', `${expected}, found ${this.#scanner.found()}.`);
  }

  unknownDirective(key: string): never {
    const advice = `For plain data write the key as ${quoted(`$${key}`)}.`;
    return this.fail('ERR_MALFORMED', `${quoted(key)} has no meaning here. ${advice}`);
  }
}
