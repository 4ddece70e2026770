import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { packages, repository } from '../repository.js';

/** A piece of code in a text: where it stands, what it says, and what it must print if the text shows that. */
export interface CodeBlock {
  readonly place: string;
  readonly code: string;
  /** The words after the three backticks. */
  readonly info: string;
  readonly output: string | null;
}

/**
 * The fenced blocks of a Markdown text. A fence ```` ```text output ```` right after a block holds what it prints.
 * @throws {Error} at a fence that is never closed
 */
export function blocksOf(markdown: string, name: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', fence, info = ''] = /^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$/.exec(lines[at] ?? '') ?? [];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence);
    if (end < 0) throw new Error(`${name}:${at + 1}: this code fence is never closed.`);
    const inside = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    const code = `${inside.join('\n')}\n`;
    const previous = blocks.at(-1);
    if (info === 'text output' && previous !== undefined) {
      blocks[blocks.length - 1] = { ...previous, output: code };
    } else {
      blocks.push({ place: `${name}:${at + 1}`, code, info, output: null });
    }
    at = end;
  }
  return blocks;
}

/** The texts whose programs must run, relative to the repository: the front door, `docs/` and the packages' own. */
export function documents(): readonly string[] {
  const own = packages.map((name) => `packages/${name}/README.md`);
  const found = existsSync(join(repository, 'docs')) ? markdownBelow('docs') : [];
  return ['README.md', 'CONTRIBUTING.md', ...found, ...own].filter((file) => existsSync(join(repository, file)));
}

/** The Markdown files below a folder of the repository, sorted. */
function markdownBelow(folder: string): string[] {
  return readdirSync(join(repository, folder))
    .map((name) => `${folder}/${name}`)
    .flatMap((path) => (statSync(join(repository, path)).isDirectory() ? markdownBelow(path) : [path]))
    .filter((path) => path.endsWith('.md'))
    .sort();
}

/** The blocks of a document in a language that Node runs. */
export function programBlocks(document: string): readonly CodeBlock[] {
  const text = readFileSync(join(repository, document), 'utf8');
  return blocksOf(text, document).filter(({ info }) => /^([cm]?[jt]sx?|typescript|javascript)\b/i.test(info));
}

/** The `@example` parts of the doc comments of a source file, without their fences and without those marked `fragment`. */
export function examplesOf(file: string): readonly CodeBlock[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const blocks: CodeBlock[] = [];
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node)) {
      if (tag.tagName.text !== 'example' || seen.has(tag)) continue;
      seen.add(tag);
      const line = source.getLineAndCharacterOfPosition(tag.getStart(source)).line + 1;
      const place = `${relative(repository, file)}:${line}`;
      const text = ts.getTextOfJSDocComment(tag.comment) ?? '';
      const fenced = blocksOf(text, place);
      blocks.push(...(fenced.length > 0 ? fenced : [{ place, code: text, info: 'ts', output: null }]));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return blocks.filter(({ info }) => /^ts\b/.test(info) && !info.includes('fragment'));
}
