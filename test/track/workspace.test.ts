import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMlflowClient } from '../../src/mlflow-client-ts/index.ts';
import { smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';
import { chromiumReason, openBrowser, screenshot } from '../mlflow/chromium.ts';
import { readBack } from '../mlflow/read-back.ts';
import { startServer } from '../mlflow/server.ts';

/** Opens the link as somebody who has never been there. */
async function assertShown(link: string): Promise<void> {
  await using browser = await openBrowser();
  const page = await browser.page();
  page.setDefaultTimeout(30_000);
  await page.goto(link);
  await page.getByText('6 matching runs').waitFor();
  await screenshot(page, 'workspace');
}

test('a run goes into the workspace that is named, and into another one besides', async () => {
  const server = await startServer({ args: ['--enable-workspaces'] });
  const inWard = { MLFLOW_WORKSPACE: 'ward' };
  const [ward, usual] = [inWard, {}].map((env) => createMlflowClient({ uri: server.uri, env }));
  assert.ok(ward && usual);
  try {
    const made = await fetch(`${server.uri}/api/3.0/mlflow/workspaces`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ name: 'ward' }),
    });
    assert.equal(made.status, 201, await made.text());
    assert.equal((await usual.server.info()).hasWorkspaces, true);
    const folder = smallExperiment(smallSpec.replace('[0.003, 0.03]', '[0.03]'));
    const env = { MLFLOW_TRACKING_URI: server.uri };
    const { status, stderr } = await start(folder, ['small.yaml'], { ...env, ...inWard }).finished;
    assert.equal(status, 0, stderr);
    const [, link = ''] = /6 of 6 trials are there: (\S+)/.exec(stderr) ?? [];
    assert.match(link, /&workspace=ward$/);
    const there = await readBack(ward, 'small');
    assert.equal(Object(there.runs).length, 7);
    assert.deepEqual(await readBack(usual, 'small'), {});
    await start(folder, ['sync'], env).finished;
    assert.deepEqual(await readBack(usual, 'small'), there);
    // Each has a cursor of its own: neither is sent again.
    await start(folder, ['sync'], { ...env, ...inWard }).finished;
    assert.deepEqual(await readBack(ward, 'small'), there);
    if (chromiumReason === null) await assertShown(link);
  } finally {
    await Promise.all([ward.close(), usual.close()]);
    await server.stop();
  }
});
