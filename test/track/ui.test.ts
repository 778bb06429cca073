import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createMlflowClient } from '../../src/mlflow-client-ts/index.ts';
import { sweep } from '../../src/track/cursor.ts';
import { compareLink, runLink } from '../../src/track/links.ts';
import { mlflowRunIds } from '../../src/track/run-ids.ts';
import { prepareMlflow } from '../../src/track/server/environment.ts';
import { run, smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';
import { chromiumReason, openBrowser, screenshot } from '../mlflow/chromium.ts';

interface Open {
  readonly child: ChildProcess;
  readonly link: string;
  readonly url: string;
  readonly finished: ReturnType<typeof start>['finished'];
}

const opened: ChildProcess[] = [];
/** Two choices, two replicates, two controls: 12 trials, trained without any server. */
let folder: string;
before(async () => {
  folder = smallExperiment(`${smallSpec}tracking: { mlflow: { registeredModel: ward } }\n`);
  const [trained, prepared] = await Promise.all([
    start(folder, ['small.yaml'], { MLFLOW_TRACKING_URI: '' }).finished,
    prepareMlflow(() => {}),
  ]);
  assert.equal(trained.status, 0, trained.stderr);
  assert.ok(prepared.ok);
});
after(() => {
  for (const child of opened) child.kill('SIGKILL');
});

/** Starts `ui` and waits for its link. */
async function openUi(...args: readonly string[]): Promise<Open> {
  const { child, finished } = start(folder, ['ui', ...args]);
  opened.push(child);
  const link = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (text) => {
      said += text;
      const [, found] = /(http:\S+)\n/.exec(said) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', () => finished.then(({ stderr }) => reject(new Error(stderr))));
  });
  return { child, link, url: new URL(link).origin, finished };
}

const serverPid = (): number =>
  JSON.parse(readFileSync(join(folder, 'runs', '.mlflow', 'server.json'), 'utf8')).pid;

/** Whether any process of the server's group lives. */
function groupLives(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false; // Nobody is in it.
  }
}

async function assertGone(leader: number): Promise<void> {
  for (let tries = 0; groupLives(leader); tries++) {
    assert.ok(tries < 100, 'a process of the server is left behind');
    await wait(100);
  }
}

test('ui serves all runs; a second one finds the first; Ctrl-C leaves no process', async () => {
  const { child, link, finished } = await openUi();
  assert.match(link, /workflowType=machine_learning&compareRunsMode=CHART&viewStateShareKey=/);
  const leader = serverPid();
  const second = await run(folder, 'ui');
  assert.equal(second.status, 0, second.stderr);
  assert.ok(second.stdout.startsWith(link));
  assert.match(second.stdout, new RegExp(`Process ${child.pid} serves these runs already`));
  assert.equal(mlflowRunIds(join(folder, 'runs', 'small')).size, 13);
  child.kill('SIGINT');
  assert.equal((await finished).status, 0);
  await assertGone(leader);
});

test('ui that is killed leaves no process, and the next one starts anew on the same runs', async () => {
  const first = await openUi();
  const leader = serverPid();
  first.child.kill('SIGKILL');
  await assertGone(leader);
  const second = await openUi();
  assert.equal(new URL(second.link).hash, new URL(first.link).hash);
  second.child.kill('SIGINT');
  await second.finished;
});

test('what is trained while ui serves appears there, and its best model in the registry', async () => {
  const { child, url, finished } = await openUi();
  const client = createMlflowClient({ uri: url, env: {} });
  try {
    const spec = smallSpec.replace('experiment: small', 'experiment: later');
    writeFileSync(join(folder, 'later.yaml'), spec.replace('[0.003, 0.03]', '[0.03]'));
    const trained = await start(folder, ['later.yaml'], { MLFLOW_TRACKING_URI: '' }).finished;
    assert.equal(trained.status, 0, trained.stderr);
    const isThere = async () => {
      const found = await client.experiments.getByName('later');
      const filter = "attributes.status = 'FINISHED'";
      let count = 0;
      if (found)
        for await (const _ of client.runs.search({ experimentIds: [found.experimentId], filter }))
          count += 1;
      return count === 7;
    };
    for (let tries = 0; !(await isThere()); tries++) {
      assert.ok(tries < 100, 'it did not appear');
      await wait(100);
    }
    const champion = await client.registry.getVersionByAlias('ward', 'champion');
    assert.equal(champion?.version, '1');
  } finally {
    await client.close();
    child.kill('SIGINT');
    await finished;
  }
});

test('without Python, ui says what to do', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'empty-'));
  const env = { PATH: empty, RUN_EXPERIMENT_CACHE: empty };
  const { status, stderr } = await start(folder, ['ui'], env).finished;
  assert.equal(status, 2);
  assert.match(stderr, /no Python was found.*apt install python3-venv/);
});

test('the links show the trials, the charts and the previews', {
  skip: chromiumReason ?? false,
}, async () => {
  const { child, link, url, finished } = await openUi('small');
  const browser = await openBrowser();
  try {
    const page = await browser.page();
    // Charts are drawn when they come into sight.
    await page.setViewportSize({ width: 2000, height: 2000 });
    page.setDefaultTimeout(20_000);
    await page.goto(link);
    await page.getByText('12 matching runs').waitFor();
    for (const name of ['Jointly and alone', 'Search space', 'Curves of ill', 'Curves of days'])
      await page.getByText(name).first().waitFor();
    // Two bars, two scatters, and the curves of the first task.
    await page.locator('.js-plotly-plot').nth(5).waitFor();
    await page.getByText('Parallel Coordinates').first().waitFor();
    const groups = page.getByText(/^Group: (joint|ill alone|days alone): learningRate 0.03$/);
    await groups.nth(2).waitFor();
    await screenshot(page, 'saved-view');
    const ids = mlflowRunIds(join(folder, 'runs', 'small'));
    const [, experimentId = ''] = /experiments\/(\d+)/.exec(link) ?? [];
    const trials = [1, 2, 3].map((number) => ids.get(number) ?? '');
    await page.goto(compareLink(url, experimentId, trials));
    await page.getByText('Comparing 3 Runs').first().waitFor();
    await page.getByText('training.optimizer.adam.learningRate').first().waitFor();
    await screenshot(page, 'compare');
    const artifact = (path: string) =>
      runLink(url, experimentId, trials[0] ?? '', `artifacts/${path}`);
    await page.goto(artifact('curves.svg'));
    await page.getByText(/^Path: mlflow-artifacts.*curves.svg$/).waitFor();
    await page.locator('img[src^="blob:"]').first().waitFor();
    await screenshot(page, 'curves');
    // A change behind the hash alone would not open the other artifact.
    await page.goto('about:blank');
    await page.goto(artifact('predictions.json'));
    await page.getByText('ill probability').first().waitFor();
    await screenshot(page, 'predictions');
    const open = async (link: string) => {
      await page.goto('about:blank');
      await page.goto(link);
    };
    await open(runLink(url, experimentId, ids.get(sweep) ?? ''));
    await page.getByText('Does illness help to predict the length of a stay?').first().waitFor();
    await screenshot(page, 'sweep');
    await open(runLink(url, experimentId, ids.get(sweep) ?? '', 'artifacts/report.html'));
    const report = page.frameLocator('iframe').first();
    await report.getByText('Does illness help').first().waitFor();
    await screenshot(page, 'report');
    await open(runLink(url, experimentId, trials[0] ?? '', 'system-metrics'));
    await page.getByText('cpu_utilization_percentage').first().waitFor();
    await page.locator('.js-plotly-plot .main-svg .trace').nth(5).waitFor();
    await screenshot(page, 'system-metrics');
    await open(`${url}/#/experiments/${experimentId}/models?workflowType=machine_learning`);
    await page.getByText('small-trial-1').first().waitFor();
    await screenshot(page, 'models');
    await open(`${url}/#/models/ward/versions/1?workflowType=machine_learning`);
    await page.getByText('champion').first().waitFor();
    await screenshot(page, 'registered-model');
  } finally {
    await browser[Symbol.asyncDispose]();
    child.kill('SIGINT');
    await finished;
  }
});
