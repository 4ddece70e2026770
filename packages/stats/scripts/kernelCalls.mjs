// Writes for each set of kernels calls.generated.ts, with the checks of their arguments and the calls of the twin; and
// moduleCalls.generated.ts, the calls of WebAssembly.
import { readdirSync, readFileSync } from 'node:fs';
import { KERNEL_SETS } from './kernelTable.mjs';

/** @returns {Map<string, { parameters: { name: string, type: string }[], result: string }>} the twin's functions */
function signaturesOf(folder) {
  const signatures = new Map();
  for (const file of readdirSync(folder).sort()) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const [, name, list, result] of source.matchAll(/^export function (\w+)\(([^)]*)\): ([\w]+) \{$/gm)) {
      const parameters = [...list.matchAll(/(\w+): ([^,]+?)\s*(?:,|$)/g)].map(([, name, type]) => ({ name, type }));
      signatures.set(name, { parameters, result });
    }
  }
  return signatures;
}

/** @returns {string} one check for each argument, in the order of the arguments */
function checksOf({ parameters }, { positions, block = {}, codes = {}, ...lengths }) {
  const { inside = {}, reads = {}, writes = {}, updates = {} } = lengths;
  const entries = { ...inside, ...reads, ...writes, ...updates };
  const stride = parameters.some(({ name }) => name === 'stride') ? 'stride' : 'STAGED_STRIDE';
  const count = positions === undefined ? 'count' : 'positions';
  const lines = [positions === undefined ? 'checkCount(count);' : `const positions = ${positions.check};`];
  for (const { name, type } of parameters) {
    const length = entries[name] ?? (name in codes ? 'count' : undefined);
    if (name in block) lines.push(`checkBlock('${name}', ${name}, ${stride}, ${block[name]}, ${count});`);
    else if (length !== undefined && length !== `${name}.length` && name !== 'offsets') {
      const check = `checkLength('${name}', ${name}, ${length});`;
      lines.push(type.endsWith('null') ? `if (${name} !== null) ${check}` : check);
    }
  }
  // Without rows there may be no levels either.
  if (Object.keys(codes).length > 0) lines.push('if (count === 0) return;');
  return lines;
}

/** @returns {string[]} the loop over runs of a kernel that takes any number of rows */
function loopOf(name, { parameters, result }, kernel, most) {
  const { positions, block = {}, inside = {}, codes = {}, reads = {}, writes = {}, updates = {} } = kernel;
  if (positions !== undefined) return []; // all at once
  const byRow = (argument) =>
    argument in block || argument in codes || (reads[argument] ?? writes[argument] ?? updates[argument]) === 'count';
  const run = parameters.map(({ name: argument }) => {
    if (argument === 'count') return 'length';
    const [, columns] = /^count \* (\w+)$/.exec(inside[argument]) ?? [];
    if (columns !== undefined) return `${argument}.subarray(done * ${columns})`;
    return byRow(argument) ? `${argument}.subarray(done)` : argument;
  });
  const call = `calls.${name}(${run.join(', ')})`;
  if (result === 'void') return [`if (count > ${most}) return inRuns(count, ${most}, (done, length) => ${call});`];
  const sum = `inRuns(count, ${most}, (done, length) => { total += ${call}; });`;
  return [`if (count > ${most}) {`, 'let total = 0;', sum, 'return total;', '}'];
}

/** @returns {string[]} the call into the module: arrays become addresses */
function moduleCallOf(name, { parameters, result }, kernel) {
  const { block = {}, inside = {}, codes = {}, reads = {}, writes = {}, updates = {}, lengths = [] } = kernel;
  const before = [];
  const after = [];
  let slot = 0;
  const addresses = parameters.map(({ name: argument, type }) => {
    if (argument in block || argument in inside) return `${argument}.byteOffset`;
    if (type === 'number') return argument;
    const at = `${argument}At`;
    if (argument in codes) {
      before.push(`const ${at} = border.codes(${argument}, count, ${codes[argument]}.length, ${slot});`);
    } else if (argument in writes) {
      before.push(`const ${at} = border.write(${argument}, ${slot});`);
      after.push(`border.wrote(${argument}, ${writes[argument]}, ${slot}, ${at});`);
    } else if (/^\d+$/.test(updates[argument])) {
      const entries = Array.from({ length: Number(updates[argument]) }, (_, i) => i);
      before.push(...entries.map((i) => `border.sums[${i}] = ${argument}[${i}]!;`));
      after.push(...entries.map((i) => `${argument}[${i}] = border.sums[${i}]!;`));
      return 'border.sumsAt';
    } else {
      const read = `border.${type === 'Int32Array' ? 'readIntegers' : 'read'}`;
      const address = `${read}(${argument}, ${reads[argument] ?? updates[argument]}, ${slot})`;
      before.push(`const ${at} = ${type.endsWith('null') ? `${argument} === null ? 0 : ` : ''}${address};`);
      if (argument in updates) after.push(`border.wrote(${argument}, ${updates[argument]}, ${slot}, ${at});`);
    }
    slot++;
    return at;
  });
  const call = `wasm.${name}(${[...addresses, ...lengths.map((array) => `${array}.length`)].join(', ')});`;
  if (result === 'void') return [...before, call, ...after];
  return after.length === 0
    ? [...before, `return ${call}`]
    : [...before, `const result = ${call}`, ...after, 'return result;'];
}

/**
 * @returns {string} when the twin takes a call in place of the module: arrays elsewhere, or more than there is room for. A whole array
 * that is in place may be of any length
 */
function twinWhen({ block = {}, inside = {}, reads = {}, writes = {}, updates = {}, limit }) {
  const copied = Object.entries({ ...reads, ...writes, ...updates });
  const large = copied
    .filter(([, length]) => !/^(count|\d+)$/.test(length))
    .map(([array, length]) => {
      const isLarge = `${length} > SLOT_LENGTH`;
      return length === `${array}.length` ? `(${isLarge} && !border.isInside(${array}))` : isLarge;
    });
  const conditions = [
    ...Object.keys({ ...block, ...inside }).map((array) => `!border.isInside(${array})`),
    ...(limit === undefined ? [] : [`!(${limit})`]),
    ...new Set(large),
  ];
  return conditions.join(' || ');
}

/** @returns {string[]} the call of the twin; one that adds does so in a second step, from an array of its own */
function twinCallOf(twinName, { parameters }, { codes = {} }, isAdding) {
  const list = (out) => parameters.map(({ name }) => (isAdding && name === 'out' ? out : name)).join(', ');
  const checks = Object.entries(codes).map(
    ([argument, levels]) => `checkCodes(largestCode(${argument}, count), ${levels}.length);`,
  );
  if (!isAdding) return [...checks, `return twin.${twinName}(${list()});`];
  return [...checks, `twin.${twinName}(${list('scores')});`, 'addScores(count, out);'];
}

/** One kernel: `name`, which does what `twinName` does, or adds it. */
function methodOf({ name, signature }, steps) {
  const list = signature.parameters.map(({ name, type }) => `${name}: ${type}`).join(', ');
  const lines = steps.filter((step) => step.length > 0).map((step) => `      ${step.join(' ')}`);
  return [`    ${name}(${list}): ${signature.result} {`, ...lines, '    },'].join('\n');
}

const argumentsOf = ({ parameters }) => parameters.map(({ name }) => name).join(', ');

/** @returns {{ name: string, twinName: string, signature: object, kernel: object }[]} each kernel of a set, and each `add…` after its score */
function methodsOf(set, folder) {
  const signatures = signaturesOf(folder);
  return Object.entries(KERNEL_SETS[set]).flatMap(([twinName, { adds, ...kernel }]) => {
    const signature = signatures.get(twinName);
    if (signature === undefined) throw new Error(`${twinName}: no function of the twin has this name`);
    const method = { name: twinName, twinName, signature, kernel };
    if (!adds) return [method];
    const name = `add${twinName[0].toUpperCase()}${twinName.slice(1)}`;
    const adding = { ...kernel, writes: {}, updates: { out: kernel.writes.out } };
    return [method, { ...method, name, kernel: adding }];
  });
}

/** The import of those names that the text has; none if it has none. */
function importOf(text, names, from) {
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  return used.length === 0 ? '' : `import { ${used.join(', ')} } from '${from}';\n`;
}

/**
 * @param {string} set  of kernels, by its name in the table
 * @param {URL} folder  of the twin
 * @returns {string} the text of calls.generated.ts
 */
export function callsSource(set, folder) {
  const methods = methodsOf(set, folder);
  const added = methods.filter(({ name, twinName }) => name !== twinName);
  const checked = methods.map(({ name, signature, kernel }) =>
    methodOf({ name, signature }, [
      checksOf(signature, kernel),
      loopOf(name, signature, kernel, set === 'columns' ? 'COLUMN_RUN' : 'RUN'),
      [
        `return (${kernel.positions === undefined ? 'count' : 'positions'} < SMALL ? small : run).${name}(${argumentsOf(signature)});`,
      ],
    ]),
  );
  const ofTwin = methods
    .filter(({ name, twinName, kernel }) => name !== twinName || kernel.codes !== undefined)
    .map(({ name, twinName, signature, kernel }) =>
      methodOf({ name, signature }, [twinCallOf(twinName, signature, kernel, name !== twinName)]),
    );
  // One by one: a namespace that is spread stays in every bundle, with a function for each name.
  const asTheyAre = methods.filter(({ name, twinName, kernel }) => name === twinName && kernel.codes === undefined);
  const twinLines = [...asTheyAre.map(({ name }) => `    ${name}: twin.${name},`), ...ofTwin];
  const body = [...checked, ...twinLines].join('\n');
  const callsType =
    added.length === 0
      ? `/** The kernels alone: those of the twin. */
export type KernelCalls = typeof twin;`
      : `/** Scores that have an \`add…\` beside them. */
type AddedScore =
${added.map(({ twinName }) => `  | '${twinName}'`).join('\n')};

/** The kernels alone: those of the twin, and an \`add…\` beside each score. */
export type KernelCalls = typeof twin & { [Name in AddedScore as \`add\${Capitalize<Name>}\`]: (typeof twin)[Name] };`;
  const checks = [
    'checkBlock',
    'checkCodes',
    'checkCount',
    'checkLength',
    'checkListCount',
    'checkOffsets',
    'largestCode',
  ];
  return `${GENERATED}${importOf(body, checks, '../check.js')}${importOf(body, ['COLUMN_RUN', 'inRuns', 'RUN', 'SMALL', 'STAGED_STRIDE'], '../runs.js')}${importOf(body, ['addScores', 'scores'], '../scores.js')}import * as twin from './twin.js';

${callsType}

/** The kernels with checked arguments, for any number of rows: those of \`small\` for a few, those of \`run\` for one run at most. */
export function checkedCalls(run: KernelCalls, small = run): KernelCalls {
  const calls: KernelCalls = {
${checked.join('\n')}
  };
  return calls;
}

/** The kernels of the twin for at most one run of rows. */
export function twinCalls(): KernelCalls {
  return {
${twinLines.join('\n')}
  };
}
`;
}

/**
 * @param {string} set  of kernels, by its name in the table
 * @param {URL} folder  of the twin
 * @returns {string} the text of moduleCalls.generated.ts
 */
export function moduleCallsSource(set, folder) {
  const methods = methodsOf(set, folder).map(({ name, signature, kernel }) => {
    const condition = twinWhen(kernel);
    const exception = condition === '' ? [] : [`if (${condition}) return twin.${name}(${argumentsOf(signature)});`];
    return methodOf({ name, signature }, [exception, moduleCallOf(name, signature, kernel)]);
  });
  const body = methods.join('\n');
  return `${GENERATED}import type { Border } from '../border.js';
${importOf(body, ['SLOT_LENGTH'], '../runs.js')}import type { KernelCalls } from './calls.generated.js';

/** The exports of the module: one for each kernel, with addresses in the place of arrays. */
export type KernelExports = Readonly<Record<keyof KernelCalls, (...args: readonly number[]) => number>>;

/** The kernels of the module for at most one run of rows; the twin's where the module has no room. */
export function moduleCalls(wasm: KernelExports, border: Border, twin: KernelCalls): KernelCalls {
  return {
${body}
  };
}
`;
}

const GENERATED = '// Generated by scripts/buildKernels.mjs from twin/ and scripts/kernelTable.mjs. Do not edit.\n';
