import { expectOptions, expectText } from '../checks/arguments.js';
import { type Limits, resolveLimits } from '../checks/limits.js';
import { CodecError, formatPath, isStackOverflow, quoted } from '../errors.js';
import { KeyCheck } from '../values/keyCheck.js';
import { type Arguments, type Description, LABELS, LIST_CALLS, SET_CALLS, STRING_CALLS } from './arguments.js';
import { areNumbers, FAMILIES } from './families.js';
import { NUMBER_CALLS, numberOf } from './numbers.js';
import { DmxCall, type DmxValue, parseDmx, placeIn } from './parse.js';

/**
 * Reads a model as dmx-learn prints it, such as `GaussianDistribution(mu=0.0, sigma2=1.0)` nested to any depth.
 *
 * The text is parsed, never evaluated. The result is plain data with the field names of `@dml/stats`;
 * `codec.build(description)` makes the live model of it. Labels (`name`, `keys`) are left out.
 *
 * @param text  one constructor expression; NumPy's `array([…])` and `np.float64(…)` are understood
 * @throws {CodecError} `ERR_DMX_SYNTAX` with line and column; `ERR_UNKNOWN_TYPE` naming every family in the text that
 *   has no counterpart; `ERR_DMX_VALUE` for a missing, unknown or unsuitable argument; `ERR_LIMIT`
 *
 * @example
 * ```ts
 * importDmx('GaussianDistribution(mu=0.0, sigma2=1.0, name=None)');
 * // { type: 'Gaussian', mu: 0, sigma2: 1 }
 * ```
 */
export function importDmx(text: string, options: { readonly limits?: Partial<Limits> } = {}): Description {
  const limits = resolveLimits(expectOptions('importDmx', options, ['limits']).limits);
  try {
    const expression = parseDmx(expectText('importDmx', text), limits);
    refuseUnknownFamilies(expression);
    if (!(expression instanceof DmxCall) || !isFamily(expression.name)) {
      const reason = 'expected a model such as GaussianDistribution(mu=0.0, sigma2=1.0), found a plain value.';
      throw new CodecError({ code: 'ERR_DMX_VALUE', reason });
    }
    return new Reader(text).model(expression);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    throw new CodecError({ code: 'ERR_LIMIT', reason: 'nested deeper than the stack allows.', cause: error });
  }
}

const isFamily = (name: string): boolean => Object.hasOwn(FAMILIES, name);
const isWrapper = (name: string): boolean =>
  [NUMBER_CALLS, STRING_CALLS, LIST_CALLS, SET_CALLS].some((calls) => calls.test(name));

/** A message names at most so many families. */
const MAX_NAMES = 20;

/** All at once: a person who converts a model wants the whole list, not the first of many errors. */
function refuseUnknownFamilies(expression: DmxValue): void {
  const unknown = new Set<string>();
  visit(expression, ({ name }) => {
    if (!isFamily(name) && !isWrapper(name)) unknown.add(name);
  });
  if (unknown.size === 0) return;
  const known = Object.keys(FAMILIES).join(', ');
  const listed = [...unknown].sort().slice(0, MAX_NAMES).map(shortened).join(', ');
  const more = unknown.size > MAX_NAMES ? ` and ${unknown.size - MAX_NAMES} others` : '';
  const reason = `no counterpart of ${listed}${more}. Families that can be imported: ${known}.`;
  throw new CodecError({ code: 'ERR_UNKNOWN_TYPE', reason });
}

function visit(value: DmxValue, found: (call: DmxCall) => void): void {
  if (value instanceof DmxCall) {
    found(value);
    for (const argument of [...value.positional, ...value.named.values()]) visit(argument, found);
  } else if (value instanceof Map) {
    for (const [key, item] of value as ReadonlyMap<DmxValue, DmxValue>) {
      visit(key, found);
      visit(item, found);
    }
  } else if (Array.isArray(value) || value instanceof Set) {
    for (const item of value as Iterable<DmxValue>) visit(item, found);
  }
}

/** Turns calls into descriptions. `#path` names the arguments that lead to the current one. */
class Reader {
  readonly #text: string;
  readonly #path: (string | number)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  model(call: DmxCall): Description {
    const family = FAMILIES[call.name]!;
    const given = new Map(call.named);
    const allowed = [...new Set([...family.parameters, ...LABELS])];
    for (const name of given.keys()) {
      if (!allowed.includes(name)) {
        this.#fail(call, `${call.name} has no argument ${quoted(name)}. Its arguments: ${allowed.join(', ')}`);
      }
    }
    if (call.positional.length > allowed.length) {
      this.#fail(call, `${call.name} takes at most ${allowed.length} arguments, found ${call.positional.length}`);
    }
    call.positional.forEach((value, i) => {
      const name = allowed[i]!;
      if (given.has(name)) this.#fail(call, `${call.name}: argument "${name}" is given twice`);
      given.set(name, value);
    });
    return family.describe(this.#arguments(call, given));
  }

  #arguments(call: DmxCall, given: ReadonlyMap<string, DmxValue>): Arguments {
    const plain = (name: string): unknown => this.#at(name, () => this.#plain(given.get(name) ?? null));
    const refuse = (name: string, expected: string): never => {
      const found = given.has(name) ? shown(given.get(name)!) : 'nothing';
      return this.#fail(call, `${call.name}: ${name} must be ${expected}, found ${found}`);
    };
    const has = (name: string): boolean => (given.get(name) ?? null) !== null;
    const models = (name: string): readonly Description[] => {
      const list = plain(name);
      return Array.isArray(list) && list.every(isDescription) ? list : refuse(name, 'a list of models');
    };
    const model = (name: string): Description => {
      const value = plain(name);
      return isDescription(value) ? value : refuse(name, 'a model');
    };
    const matrix = (name: string): readonly (readonly number[])[] => {
      const rows = plain(name);
      return Array.isArray(rows) && rows.every(areNumbers) ? rows : refuse(name, 'a list of lists of numbers');
    };
    return {
      has,
      refuse,
      model,
      models,
      matrix,
      modelOrNull: (name) => (has(name) ? model(name) : { type: 'Null' }),
      any: plain,
      number: (name, fallback) => {
        if (fallback !== undefined && !has(name)) return fallback;
        const value = plain(name);
        if (typeof value === 'bigint') return Number(value);
        return typeof value === 'number' ? value : refuse(name, 'a number');
      },
      numbers: (name) => {
        const list = plain(name);
        return areNumbers(list) ? list : refuse(name, 'a list of numbers');
      },
      map: (name) => {
        const value = plain(name);
        return value instanceof Map ? value : refuse(name, 'a dictionary');
      },
    };
  }

  #plain(value: DmxValue): unknown {
    if (value instanceof DmxCall) return isFamily(value.name) ? this.model(value) : this.#unwrapped(value);
    if (Array.isArray(value)) return value.map((item: DmxValue, i) => this.#at(i, () => this.#plain(item)));
    if (value instanceof Set) return this.#distinct(new Set([...value].map((item) => this.#plain(item))), value.size);
    if (value instanceof Map) {
      const map = new Map<unknown, unknown>();
      const check = new KeyCheck();
      for (const [key, item] of value as ReadonlyMap<DmxValue, DmxValue>) {
        map.set(
          this.#level(key, check),
          this.#at(shown(key), () => this.#plain(item)),
        );
      }
      return this.#distinct(map, value.size);
    }
    return value;
  }

  /** The key of a dictionary: a level of a categorical, a state of a chain. */
  #level(key: DmxValue, check: KeyCheck): unknown {
    const level = this.#plain(key);
    const path = formatPath(this.#path);
    if (typeof level === 'object' && level !== null) {
      const kind = Array.isArray(level) ? 'a tuple or list' : level instanceof Set ? 'a set' : 'a model';
      const reason = `${kind} cannot be a level here. Levels are strings, numbers, booleans and None: rename it in Python first.`;
      throw new CodecError({ code: 'ERR_DMX_VALUE', reason, path });
    }
    if (!check.accepts(level)) throw new CodecError({ code: 'ERR_LIMIT', reason: KeyCheck.reason, path });
    return level;
  }

  /** Keys may become equal only when they are unwrapped: `{1: …, np.int64(1): …}`. */
  #distinct<T extends { readonly size: number }>(unwrapped: T, size: number): T {
    if (unwrapped.size === size) return unwrapped;
    const reason = 'a key occurs twice.';
    throw new CodecError({ code: 'ERR_DMX_VALUE', reason, path: formatPath(this.#path) });
  }

  /** `float("nan")`, `np.float64(0.5)`, `array([0.5, 0.5], dtype=float64)`, `set()`. */
  #unwrapped(call: DmxCall): unknown {
    const inner = this.#plain(call.positional[0] ?? null);
    if (NUMBER_CALLS.test(call.name)) {
      const expected = call.name.includes('int') ? 'a number in its range' : 'a number';
      return (
        numberOf(call.name, inner) ?? this.#fail(call, `${call.name}(…) must hold ${expected}, found ${shown(inner)}`)
      );
    }
    if (STRING_CALLS.test(call.name))
      return typeof inner === 'string' ? inner : this.#fail(call, `${call.name}(…) must hold a string`);
    // NumPy prints an array of no dimensions as `array(0.5)`.
    if (typeof inner === 'number' && call.name === 'array') return this.#ofElementType(call, inner);
    const items = inner instanceof Set ? [...inner] : (inner ?? []);
    if (!Array.isArray(items)) return this.#fail(call, `${call.name}(…) must hold a list`);
    return SET_CALLS.test(call.name) ? new Set(items) : this.#ofElementType(call, items);
  }

  /** `array([0.1], dtype=float32)` holds 0.1 in single precision. */
  #ofElementType(call: DmxCall, value: unknown): unknown {
    const given = call.named.get('dtype');
    const type = given instanceof DmxCall ? given.name : String(given ?? '').replace(/^.*\./, '');
    if (!NUMBER_CALLS.test(type)) return value;
    const convert = (item: unknown): unknown => {
      if (Array.isArray(item)) return item.map(convert);
      return numberOf(type, item) ?? this.#fail(call, `an array of ${type} cannot hold ${shown(item)}`);
    };
    return convert(value);
  }

  #at<T>(key: string | number, run: () => T): T {
    this.#path.push(key);
    const value = run();
    this.#path.pop();
    return value;
  }

  #fail({ at }: DmxCall, reason: string): never {
    const place = placeIn(this.#text, at);
    throw new CodecError({ code: 'ERR_DMX_VALUE', reason: `${place}: ${reason}.`, path: formatPath(this.#path) });
  }
}

function isDescription(value: unknown): value is Description {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function shown(value: unknown): string {
  if (value instanceof DmxCall) return `${shortened(value.name)}(…)`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return 'a dictionary';
  if (value instanceof Set) return 'a set';
  if (isDescription(value)) return `a model of type ${value.type}`;
  return shortened(String(value));
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
