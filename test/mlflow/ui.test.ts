import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { runLink, sweepLink } from '../../src/track/links.ts';
import { madeNanRun } from '../track/made-run.ts';
import { chromiumReason, type OpenBrowser, openBrowser, screenshot } from './chromium.ts';
import { hospital, madeSweepRun, type Populated, populate } from './populate.ts';
import { startServer, type TestServer } from './server.ts';

/** A trace of a chart: what it is, how many points it has, and of a band also that it is filled. */
interface Trace {
  readonly type: string;
  readonly points: number;
  readonly isBand: boolean;
}

const skip = chromiumReason ?? false;
let server: TestServer;
let browser: OpenBrowser;
let sent: Populated;
before(async () => {
  if (skip) return;
  const folder = madeSweepRun(hospital);
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  sent = await populate(server.uri, folder, hospital.experiment);
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await server?.stop();
});

/** Charts are drawn when they come into sight: of this page, all of them are. */
const tall = { width: 1800, height: 4400 };

async function openView(ending: string): Promise<Page> {
  const page = await browser.page();
  page.setDefaultTimeout(30_000);
  await page.setViewportSize(tall);
  await page.goto(sweepLink(server.uri, sent.experimentId, `${sent.parentId}${ending}`));
  return page;
}

/** Once so many charts are drawn: their traces, by the section that they lie in. */
async function tracesOf(
  page: Page,
  sections: readonly (readonly [name: string, charts: number])[],
): Promise<Readonly<Record<string, readonly (readonly Trace[])[]>>> {
  const headers = page.getByTestId('experiment-view-compare-runs-section-header');
  for (const [name, charts] of sections)
    await headers.filter({ hasText: new RegExp(`^${name}\\s*\\(${charts}\\)`) }).waitFor();
  const drawn = sections.reduce((sum, [, charts]) => sum + charts, 0);
  const isDrawn = '.js-plotly-plot .main-svg .trace, .js-plotly-plot .main-svg .contour';
  await page.waitForFunction(
    `[...document.querySelectorAll('.js-plotly-plot')].filter((plot) => plot.data?.length).length +
      document.querySelectorAll('.parcoords').length === ${drawn} &&
      document.querySelectorAll('${isDrawn}').length > 0`,
  );
  const grids = await page.evaluate<Trace[][][]>(`
    [...document.querySelectorAll('[data-testid=draggable-chart-cards-grid]')].map((grid) =>
      [...grid.querySelectorAll('.js-plotly-plot, .parcoords')].map((plot) =>
        (plot.data ?? []).map(({ type, x, fill }) => ({
          type,
          points: x?.filter((value) => value !== null).length ?? 0,
          isBand: fill === 'tozeroy',
        })),
      ),
    )`);
  assert.equal(grids.length, sections.length);
  return Object.fromEntries(sections.map(([name], at) => [name, grids[at] ?? []]));
}

const bandsOf = (traces: readonly Trace[] | undefined): number =>
  traces?.filter(({ isBand, points }) => isBand && points > 1).length ?? 0;
const firstOf = (charts: readonly (readonly Trace[])[] | undefined) =>
  charts?.map(([first]) => `${first?.type} of ${first?.points}`);

test('the first view shows every choice over its replicates, single tasks beside joint ones', {
  skip,
}, async () => {
  const page = await openView('');
  await page.getByText('48 matching runs').waitFor();
  const traces = await tracesOf(page, [
    ['Jointly and alone, on test', 2],
    ['From parameters to metrics', 1],
    ['Search space', 4],
    ['Curves of circulatory', 4],
    ['Curves of stay', 4],
  ]);
  await screenshot(page, 'view-choices');
  assert.equal(await page.getByText(/^Group: joint: /).count(), 8);
  assert.equal(await page.getByText(/^Group: (circulatory|stay) alone: /).count(), 8);
  const bars = traces['Jointly and alone, on test'];
  assert.deepEqual(firstOf(bars), ['bar of 12', 'bar of 12']);
  const space = ['scatter of 12', 'scatter of 12', 'contour of 8', 'contour of 12'];
  assert.deepEqual(firstOf(traces['Search space']), space);
  for (const name of ['Curves of circulatory', 'Curves of stay'])
    assert.deepEqual(traces[name]?.map(bandsOf), [12, 12, 12, 12], name);
  await page.close();
});

test('the second view shows the answer: the best joint choice beside the best of each task', {
  skip,
}, async () => {
  const page = await openView('-best');
  await page.getByText('9 matching runs').waitFor();
  const traces = await tracesOf(page, [
    ['Jointly and alone, on test', 2],
    ['Curves of circulatory', 3],
    ['Curves of stay', 3],
  ]);
  await screenshot(page, 'view-best');
  assert.deepEqual(firstOf(traces['Jointly and alone, on test']), ['bar of 2', 'bar of 2']);
  // The loss on training lies beside that on validation.
  for (const name of ['Curves of circulatory', 'Curves of stay'])
    assert.deepEqual(traces[name]?.map(bandsOf), [2, 4, 2], name);
  await page.close();
});

test('the third view shows joint trials one by one, and compares their predictions', {
  skip,
}, async () => {
  const page = await openView('-trials');
  await page.getByText('24 matching runs').waitFor();
  const traces = await tracesOf(page, [
    ['From parameters to metrics', 1],
    ['Search space', 4],
    ['Validation and test', 2],
  ]);
  await screenshot(page, 'view-trials');
  const space = ['scatter of 24', 'scatter of 24', 'contour of 24', 'contour of 24'];
  assert.deepEqual(firstOf(traces['Search space']), space);
  assert.deepEqual(firstOf(traces['Validation and test']), ['scatter of 24', 'scatter of 24']);
  await page.goto(page.url().replace('compareRunsMode=CHART', 'compareRunsMode=ARTIFACT'));
  await page.getByText('predictions.json').first().waitFor();
  await page
    .getByRole('link', { name: /^trial \d+$/ })
    .nth(24)
    .waitFor();
  await screenshot(page, 'tables');
  await page.close();
});

test('the pictures of a trial are there to be seen', { skip }, async () => {
  const page = await browser.page();
  page.setDefaultTimeout(30_000);
  for (const picture of [
    'circulatory/confusion',
    'circulatory/calibration',
    'stay/predicted-against-true',
  ]) {
    // A change behind the hash alone would not open the other one.
    await page.goto('about:blank');
    const tab = `artifacts/${picture}.svg`;
    await page.goto(runLink(server.uri, sent.experimentId, sent.runIds.get(1) ?? '', tab));
    await page.getByText(new RegExp(`^Path: mlflow-artifacts.*${picture}.svg$`)).waitFor();
    // It is drawn, not broken.
    await page.waitForFunction(
      `[...document.querySelectorAll('img[src^="blob:"]')].some((image) => image.naturalWidth > 300)`,
    );
    await screenshot(page, picture.replace('/', '-'));
  }
});

test('a metric that ended in NaN is to be seen by its last number, and is named', {
  skip,
}, async () => {
  const { folder } = madeNanRun('nan');
  const { experimentId, runIds } = await populate(server.uri, folder, 'nan');
  const page = await browser.page();
  page.setDefaultTimeout(30_000);
  await page.goto(runLink(server.uri, experimentId, runIds.get(1) ?? ''));
  await page.getByText('validation/stay/mae/last_finite').first().waitFor();
  await screenshot(page, 'nan');
  await page.close();
});
