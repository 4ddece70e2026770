/**
 * Does a test fail when an optional member of the contract is removed? Removes each one in turn from a copy of the package
 * (its test files and all), runs the tests that reach the file, and prints what went unnoticed.
 *
 *     node scripts/removeMembers.mjs [src/families/gaussian.ts ...]     default: leaf, families, combinators, latent
 *
 * Takes some seconds a member. Ends with 1 when a removal went unnoticed.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { createVitest } from 'vitest/node';

const home = fileURLToPath(new URL('..', import.meta.url));
const ROOMS = ['leaf', 'families', 'combinators', 'latent'];

/** The optional members: what the conformance kit itself compares with the contract. */
function optionalMembers() {
  const source = parse(join(home, 'src/testing/offerLaws.ts'));
  const names = new Set(['key']);
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText(source) === 'MEMBERS') {
      for (const part of node.initializer.properties) {
        for (const member of part.initializer.properties) names.add(member.name.getText(source));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The member's declaration, and what the constructor assigns to it, as ranges with their replacements. */
function removalsOf(path, members) {
  const source = parse(path);
  const removals = [];
  const visit = (node) => {
    if (ts.isClassDeclaration(node) && /Distribution|Encoder|Accumulator|Estimator/.test(node.name?.text ?? '')) {
      for (const name of members) {
        const edits = editsOf(source, node, name);
        if (edits.length > 0) removals.push({ what: `${node.name.text}.${name}`, edits });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return removals;
}

function editsOf(source, node, name) {
  const edits = [];
  const isCalled = (member) => member.name !== undefined && member.name.getText(source) === name;
  for (const member of node.members) {
    if (isCalled(member)) edits.push([member.getStart(source), member.end, '']);
    if (!ts.isConstructorDeclaration(member)) continue;
    for (const parameter of member.parameters) {
      if (!isCalled(parameter)) continue;
      for (const modifier of parameter.modifiers ?? []) edits.push([modifier.getStart(source), modifier.end, '']);
    }
    const visit = (inner) => {
      if (ts.isBinaryExpression(inner) && inner.left.getText(source) === `this.${name}`) {
        edits.push([inner.left.getStart(source), inner.right.getStart(source), '']);
      } else ts.forEachChild(inner, visit);
    };
    if (member.body !== undefined) visit(member.body);
  }
  return edits.sort((a, b) => b[0] - a[0]);
}

const members = optionalMembers();
const work = mkdtempSync(join(tmpdir(), 'without-'));
const copy = join(work, 'packages', basename(home));
const given = process.argv.slice(2).map((path) => join(copy, path));
try {
  cpSync(home, copy, { recursive: true, filter: (path) => !/\/(node_modules|dist|\.turbo)$/.test(path) });
  symlinkSync(join(home, 'node_modules'), join(copy, 'node_modules'));
  for (const name of ['node_modules', 'tsconfig.base.json']) symlinkSync(join(home, '../..', name), join(work, name));
  const files = given.length > 0 ? given : ROOMS.flatMap((room) => filesBelow(join(copy, 'src', room)));
  const tests = await testsOf(copy);
  const unnoticed = [];
  let count = 0;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const removals = removalsOf(file, members);
    // Twice: a busy machine may run into a time limit.
    if (removals.length > 0 && (await tests.fail(file)) && (await tests.fail(file))) {
      throw new Error(`${file}: its tests fail as it is`);
    }
    for (const { what, edits } of removals) {
      writeFileSync(
        file,
        edits.reduce((whole, [start, end, by]) => whole.slice(0, start) + by + whole.slice(end), text),
      );
      count++;
      const isNoticed = (await tests.fail(file)) || (await tests.relatedFail(file));
      console.log(`${isNoticed ? 'noticed   ' : 'UNNOTICED '} ${what}`);
      if (!isNoticed) unnoticed.push(what);
    }
    writeFileSync(file, text);
    tests.changed(file);
  }
  await tests.close();
  console.log(`${count} members removed, ${unnoticed.length} unnoticed`);
  process.exitCode = unnoticed.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The tests of a file, of the files that import it, and those that import it themselves. */
function nearTests(file, root) {
  const isImport = new RegExp(`from '[^']*/${basename(file, '.ts')}\\.js'`);
  const importers = filesBelow(root).filter((path) => isImport.test(readFileSync(path, 'utf8')));
  return [file, ...importers].map((path) => path.replace('/src/', '/test/').replace(/(\.test)?\.ts$/, '.test.ts'));
}

/** The tests of a package, in one process that keeps what it has compiled. */
async function testsOf(root) {
  const options = { root, project: ['wasm'], watch: false, bail: 1, reporters: [{}], maxWorkers: 1 };
  const vitest = await createVitest('test', options);
  const all = await vitest.globTestSpecifications();

  /** Whether one of these tests fails, or cannot be loaded. */
  async function failing(file, specifications) {
    if (specifications.length === 0) return false;
    vitest.invalidateFile(file);
    const { testModules, unhandledErrors } = await vitest.rerunTestSpecifications(specifications);
    return unhandledErrors.length > 0 || testModules.some((module) => !module.ok());
  }

  return {
    /** Those nearest to the file. */
    fail(file) {
      const near = nearTests(file, root);
      return failing(
        file,
        all.filter(({ moduleId }) => near.includes(moduleId)),
      );
    },
    /** All tests that reach the file. */
    async relatedFail(file) {
      vitest.config.related = [file];
      return failing(file, await vitest.getRelevantTestSpecifications());
    },
    changed: (file) => vitest.invalidateFile(file),
    close: () => vitest.close(),
  };
}
