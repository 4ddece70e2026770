/** The built page in Chromium, from a server of static files. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const browserPath = process.env.DML_BROWSER ?? '/usr/bin/chromium';
export const browserIsThere = process.env.DML_REQUIRE_BROWSER === '1' || existsSync(browserPath);
if (!browserIsThere) console.log(`skipped: there is no ${browserPath}. Install Chromium.`);

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'];
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
};

export interface Site {
  readonly browser: Browser;
  readonly address: string;
  /** What the page has asked for, with the method. */
  readonly asked: readonly string[];
  /** Errors of the page, and what a policy has forbidden it. */
  readonly faults: readonly string[];
  open(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** @param policy  a policy that the server adds to the page's own */
export async function startSite(policy?: string): Promise<Site> {
  const asked: string[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    asked.push(`${request.method} ${path}`);
    const file = new URL(`../dist${path === '/' ? '/index.html' : path}`, import.meta.url);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': TYPES[path === '/' ? 'html' : path.split('.').at(-1)!] ?? 'text/plain',
      ...(policy !== undefined && { 'content-security-policy': policy }),
    });
    return response.end(readFileSync(file));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await chromium.launch({ executablePath: browserPath, args: FLAGS });
  return {
    browser,
    address,
    asked,
    faults,
    async open(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      await page.goto(address);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
