import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../../../src/plan/random.ts';
import { renderHtml } from '../../../src/report/html.ts';
import { edgeOf } from '../../../src/report/sweep/finished.ts';
import { bestSoFar } from '../../../src/report/sweep/history-plot.ts';
import { sweepPictures } from '../../../src/report/sweep/pictures.ts';
import { drawnText, mostPoints, plotted, rangeOf } from '../../../src/report/sweep/plotted.ts';
import { type MadeChoice, sweepView } from './made-sweep.ts';

const auc = { metric: 'validation/ill/auc', direction: 'maximize' } as const;
const mae = { metric: 'validation/stay/mae', direction: 'minimize' } as const;

const choice = (next: () => number): MadeChoice => {
  const [rate, units, isFast] = [10 ** (-4 + 3 * next()), 2 ** Math.floor(4 + 4 * next()), next()];
  return {
    parameters: {
      'training.learningRate': rate,
      'dense.units': units,
      optimizer: isFast < 0.5 ? { sgd: {} } : 'adam',
      ...(isFast < 0.5 ? { momentum: next() } : {}),
    },
    values: { [auc.metric]: [0.5 + rate, 0.5 + rate], [mae.metric]: [3 - next(), 3 - next()] },
  };
};

function view(count: number, objective: Parameters<typeof sweepView>[0] = [auc, mae]) {
  const random = rng(6, 'pictures');
  return sweepView(
    objective,
    Array.from({ length: count }, () => choice(() => random.next())),
  );
}

/** Tags that open and close as XML wants it. */
function assertWellFormed(svg: string) {
  const open: string[] = [];
  for (const [, close, name = '', attributes = '', end] of svg.matchAll(
    /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    const names = [...attributes.matchAll(/([\w:-]+)=/g)].map(([, each]) => each);
    assert.equal(new Set(names).size, names.length, `an attribute twice: <${name}${attributes}>`);
    if (close) assert.equal(open.pop(), name);
    else if (!end) open.push(name);
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(svg, /NaN|undefined|<script|<style/);
  assert.match(svg, /^<svg [^>]*width="\d+" height="\d+" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
}

test('a sweep has a picture of each kind, each a whole file of its own', () => {
  const pictures = sweepPictures(view(60));
  assert.deepEqual(
    [...pictures.keys()].filter((name) => !name.startsWith('slices/')),
    [
      'front/stay-mae-against-ill-auc.svg',
      'history/ill-auc.svg',
      'history/stay-mae.svg',
      'history/hypervolume.svg',
      'importance/ill-auc.svg',
      'importance/stay-mae.svg',
      'parallel.svg',
    ],
  );
  // Four parameters, two objectives; the one that matters most comes first.
  const slices = [...pictures.keys()].filter((name) => name.startsWith('slices/'));
  assert.equal(slices.length, 8);
  assert.equal(slices[0], 'slices/ill-auc-by-learningRate.svg');
  for (const svg of pictures.values()) assertWellFormed(svg);
  assert.match(pictures.get('slices/ill-auc-by-units.svg') ?? '', />ill\/auc by units</);
  assert.match(
    pictures.get('slices/ill-auc-by-momentum.svg') ?? '',
    />[^<]*not set in \d+ choices/,
  );
});

test('the same sweep is drawn the same again', () => {
  const once = [...sweepPictures(view(30))];
  sweepPictures(view(3));
  assert.deepEqual([...sweepPictures(view(30))], once);
});

test('what cannot be drawn is left out: of nothing, of one choice, of one objective', () => {
  assert.deepEqual([...sweepPictures(view(0)).keys()], []);
  assert.deepEqual([...sweepPictures(view(1)).keys()], []);
  const single = [...sweepPictures(view(20, [mae])).keys()];
  assert.ok(!single.some((name) => name.startsWith('front/') || name.includes('hypervolume')));
  assert.ok(single.includes('history/stay-mae.svg'));
  const failed = view(5).trials.map((trial) => ({ ...trial, status: 'pruned' as const }));
  assert.deepEqual([...sweepPictures({ ...view(5), trials: failed }).keys()], []);
});

test('three objectives are drawn in pairs', () => {
  const third = { metric: 'validation/ill/loss', direction: 'minimize' } as const;
  const names = [...sweepPictures(view(20, [auc, mae, third])).keys()];
  assert.deepEqual(
    names.filter((name) => name.startsWith('front/')),
    [
      'front/stay-mae-against-ill-auc.svg',
      'front/ill-loss-against-ill-auc.svg',
      'front/ill-loss-against-stay-mae.svg',
    ],
  );
});

test('names are for files, and the words of a spec stay words', () => {
  const random = rng(6, 'words');
  const odd = sweepView(
    [{ metric: 'validation/../<b>/auc', direction: 'maximize' }],
    Array.from({ length: 12 }, () => ({
      parameters: { 'a<script>': random.next(), 'a script': ['<i>', '&'][random.integer(2)] },
      values: { 'validation/../<b>/auc': [random.next()] },
    })),
  );
  const pictures = sweepPictures(odd);
  for (const [name, svg] of pictures) {
    assert.match(name, /^(?:[a-z]+\/)?[\p{L}\p{N}._-]+\.svg$/u);
    assert.doesNotMatch(name, /(?:^|\/)\./);
    assertWellFormed(svg);
  }
  assert.ok([...pictures.keys()].some((name) => name.endsWith('-2.svg')));
  const page = renderHtml(odd);
  assert.doesNotMatch(page, /<script|<i>|<b>\/auc/);
});

test('of many choices five hundred are drawn, the front among them, and the picture says so', () => {
  const sweep = plotted(view(1200));
  assert.equal(sweep.shown.length, mostPoints);
  assert.ok([...sweep.front, sweep.best].every((place) => sweep.shown.includes(place)));
  assert.match(drawnText(sweep), /^500 of 1,200 choices, drawn at random/);
  assert.equal(drawnText(plotted(view(500))), '');
});

test('the best so far begins with the first value there is', () => {
  const values = [Number.NaN, 3, 5, 2, Number.POSITIVE_INFINITY, 4];
  assert.deepEqual(bestSoFar(values, 'minimize'), [Number.NaN, 3, 3, 2, 2, 2]);
  assert.deepEqual(bestSoFar(values, 'maximize'), [Number.NaN, 3, 5, 5, 5, 5]);
});

test('a few values that are far worse than all others do not flatten the picture', () => {
  // Upper quartile of 1 … 20 and 10,000 is 16: three times its distance from the best is 46.
  const costs = [...Array.from({ length: 20 }, (_, index) => index + 1), 10_000];
  assert.deepEqual(edgeOf(costs), { best: 1, edge: 46 });
  assert.deepEqual(edgeOf(costs.slice(0, 20)), { best: 1, edge: 20 });
  assert.equal(rangeOf(costs, 'minimize').beyond, 1);
  const turned = rangeOf(
    costs.map((cost) => -cost),
    'maximize',
  );
  assert.deepEqual([turned.beyond, turned.max > -1, turned.min < -46], [1, true, true]);
});

test('the page shows the front, what matters, and how the search went', () => {
  const page = renderHtml(view(60));
  for (const title of ['Trade-offs', 'What was swept', 'How the search went'])
    assert.match(page, new RegExp(`<h2>${title}</h2>`));
  assert.match(page, /choices are on the Pareto front/);
  assert.match(page, /The model to keep is trial \d+ \(/);
  assert.match(page, /<th>replicates<\/th>/);
  assert.match(page, /functional ANOVA of a random forest/);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, 'an id twice in one page');
});
