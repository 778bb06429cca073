/** @file A headless Chromium for tests: found, or installed where the system lets us. */
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { lastLine, runProgram } from '../../src/engine/index.ts';

const candidates = [
  ...(process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : []),
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const find = () => candidates.find((path) => existsSync(path)) ?? null;

/** Debian's own package, as root; the reason why not. */
async function install(): Promise<string | null> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return 'none is installed, and only root on Debian or Ubuntu can install one here (CHROMIUM_PATH may name one)';
  process.stderr.write('installing Chromium for the tests of the pages, once\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [
    ['update', '-qq'],
    ['install', '-qq', '--no-install-recommends', 'chromium'],
  ];
  for (const step of steps) {
    const { status, stderr } = await runProgram('apt-get', step, { env });
    if (status !== 0) return `apt-get ${step[0]} failed: ${lastLine(stderr)}`;
  }
  return find() === null ? 'the package chromium brought no /usr/bin/chromium' : null;
}

const missing = find() === null ? await install() : null;

/** Why tests in a browser are left out; null where there is one. */
export const chromiumReason: string | null = missing && `no Chromium: ${missing}`;

/** Pages of our own servers need nothing else: whatever else they ask for is refused at once. */
const isLocal = (url: string): boolean =>
  ['127.0.0.1', 'localhost', ''].includes(new URL(url).hostname);

export interface OpenBrowser extends AsyncDisposable {
  /** A page that has never been anywhere: no cookies, nothing remembered. */
  page(): Promise<Page>;
}

const size = { width: 1600, height: 1000 };

export async function openBrowser(): Promise<OpenBrowser> {
  const browser = await launch();
  return {
    async page() {
      const context = await browser.newContext({ viewport: size });
      await context.route(
        (url) => !isLocal(url.href),
        (route) => route.abort(),
      );
      return context.newPage();
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

function launch(): Promise<Browser> {
  const executablePath = find();
  if (executablePath === null) throw new Error('internal: a test did not ask for chromiumReason');
  return chromium.launch({
    executablePath,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

/** Where pictures of the pages go: SCREENSHOTS, else a folder of the system's for such things. */
const pictures = process.env.SCREENSHOTS ?? join(tmpdir(), 'run-experiment-screenshots');

/** Takes a picture of what is to be seen, or of the whole of one element; its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(pictures, { recursive: true });
  const path = join(pictures, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
