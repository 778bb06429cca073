import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareLink, runLink, sweepLink } from '../../src/track/links.ts';

test('links keep a path, name the workflow, and hold no password', () => {
  assert.equal(
    sweepLink('https://me:secret@host/mlflow/', '7', 'abc'),
    'https://host/mlflow/#/experiments/7/runs?workflowType=machine_learning&compareRunsMode=CHART&viewStateShareKey=abc',
  );
  assert.equal(
    compareLink('http://host', '7', ['a', 'b']),
    'http://host/#/compare-runs?runs=%5B%22a%22%2C%22b%22%5D&experiments=%5B%227%22%5D&workflowType=machine_learning',
  );
  assert.equal(
    runLink('http://host', '7', 'a', 'artifacts/curves.svg'),
    'http://host/#/experiments/7/runs/a/artifacts/curves.svg?workflowType=machine_learning',
  );
});
