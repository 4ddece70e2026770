/** Links of a built site that lead to no file. VitePress checks the sources, where a page may have another name. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

function pagesBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return pagesBelow(path);
    return path.endsWith('.html') ? [path] : [];
  });
}

const isFile = (path) => existsSync(path) && statSync(path).isFile();

/** Each as `page: link`, once. A server finds `/a` as `a`, `a.html` or `a/index.html`. */
export function deadLinks(root) {
  const dead = new Set();
  for (const page of pagesBelow(root)) {
    for (const [, link] of readFileSync(page, 'utf8').matchAll(/<(?:a|img)\s[^>]*(?:href|src)="([^"#?]+)/g)) {
      if (/^([a-z]+:|\/\/)/.test(link)) continue;
      const target = join(link.startsWith('/') ? root : dirname(page), decodeURI(link));
      const found = [target, `${target}.html`, join(target, 'index.html')].some(isFile);
      if (!found) dead.add(`${relative(root, page)}: ${link}`);
    }
  }
  return [...dead];
}
