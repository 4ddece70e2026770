import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runToEnd } from '../command.js';
import { repository } from '../repository.js';
import { blocksOf, type CodeBlock, documents, programBlocks } from './codeBlocks.js';
import { ProgramFolder } from './compile.js';

const folder = new ProgramFolder();
afterAll(() => folder.remove());

/** A block marked `fragment` shows a part of a program: it is read, not run. */
const isWhole = ({ info }: CodeBlock): boolean => !/\bfragment\b/.test(info);

let checked: readonly string[] | undefined;
/** What is wrong with the programs of all documents, which the compiler checks together: it takes the time of a few of them. */
function typeErrors(): readonly string[] {
  const programs = documents().flatMap(programBlocks).filter(isWhole);
  checked ??= folder.typeErrors(programs.filter(({ info }) => info.startsWith('ts')));
  return checked;
}

describe.each(documents())('the code in %s', (document) => {
  const programs = programBlocks(document).filter(isWhole);

  it('has the right types', () => {
    expect(typeErrors().filter((error) => error.startsWith(`${document}:`))).toEqual([]);
  });

  it.each(programs)('runs at $place', async ({ place, code, output }) => {
    const scratch = mkdtempSync(join(tmpdir(), 'dml-document-'));
    const script = folder.javaScript(place.replace(/\W/g, '-'), code);
    const { code: exitCode, stdout, stderr } = await runToEnd(process.execPath, [script], { cwd: scratch });
    rmSync(scratch, { recursive: true, force: true });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    if (output !== null) expect(stdout).toBe(output);
  });

  it('links to files that exist', () => {
    const text = readFileSync(join(repository, document), 'utf8').replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = targets.filter((target) => !/^([a-z]+:|#)/.test(target)).map((target) => target.replace(/#.*$/, ''));
    const dead = local.filter(
      (target) => statSync(join(repository, dirname(document), target), { throwIfNoEntry: false }) === undefined,
    );
    expect(dead).toEqual([]);
  });
});

it('no error of types belongs to no document', () => {
  const isPlaced = (error: string) => documents().some((document) => error.startsWith(`${document}:`));
  expect(typeErrors().filter((error) => !isPlaced(error))).toEqual([]);
});

describe('the rules for code in documents', () => {
  it('find blocks, their marks and their output', () => {
    const text = '# T\n```ts\na();\n```\n\n```text output\n1\n```\n\n- item\n  ```ts fragment\n  b\n  ```\n';
    expect(blocksOf(text, 'x.md')).toEqual([
      { place: 'x.md:2', code: 'a();\n', info: 'ts', output: '1\n' },
      { place: 'x.md:11', code: 'b\n', info: 'ts fragment', output: null },
    ]);
  });

  it('report a type error with its place', () => {
    const errors = folder.typeErrors([{ place: 'x.md:7', code: "const x: number = 'no';\nexport {};\n" }]);
    expect(errors).toEqual([expect.stringMatching(/^x\.md:7, line 1 Type 'string' is not assignable/)]);
  });

  it('refuse a fence that is never closed', () => {
    expect(() => blocksOf('text\n```ts\na\n', 'x.md')).toThrow('x.md:2');
  });
});
