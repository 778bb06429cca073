import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitWords, failureOf, oneLine } from '../../src/execute/failure-words.ts';

const remedy = 'fewer workers at once (--jobs), or a smaller model or batchSize, need less';

/** As TensorFlow 2.21, XLA and V8 say it. */
const said: readonly (readonly [string, string])[] = [
  [
    `Session fail to run with error: 2 root error(s) found.
  (0) RESOURCE_EXHAUSTED: OOM when allocating tensor with shape[4096,8192] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu
\t [[{{node StatefulPartitionedCall}}]]
Hint: If you want to see a list of allocated tensors when OOM happens, add report_tensor_allocations_upon_oom to RunOptions.
`,
    'it asked for a tensor of shape [4096,8192]',
  ],
  [
    'RESOURCE_EXHAUSTED: Out of memory allocating 67108864 bytes.\n\t [[StatefulPartitionedCall]]',
    'it asked for 67108864 bytes more',
  ],
  [
    `Session fail to run with error: Out of memory while trying to allocate 15.64MiB.
\t [[{{node call}}]]
Hint: If you want to see a list of allocated tensors when OOM happens, add report_tensor_allocations_upon_oom to RunOptions for current allocation info. This isn't available when running in Eager mode.
`,
    'it asked for 15.64MiB more',
  ],
  ['Array buffer allocation failed', 'Array buffer allocation failed'],
  [
    'the native engine did not load: libtensorflow_cc.so.2: failed to map segment from shared object',
    'the native engine did not load: libtensorflow_cc.so.2: failed to map segment from shared object',
  ],
  ['std::bad_alloc', 'std::bad_alloc'],
];

test('a worker that ran out of memory says so in one line, with what helps, and is worth another try', () => {
  for (const [message, words] of said)
    assert.deepEqual(failureOf(new Error(message)), {
      reason: `its worker ran out of memory (${words}); ${remedy}`,
      cause: 'lost',
    });
});

test('what fails by itself keeps its first words, without where in the graph it was', () => {
  const message =
    '\n\t [[{{node Cast}}]]\nUNIMPLEMENTED: Cast string to float is not supported\n\t [[x]]';
  assert.deepEqual(failureOf(new Error(message)), {
    reason: 'UNIMPLEMENTED: Cast string to float is not supported',
    cause: 'trial',
  });
  assert.equal(oneLine('x'.repeat(1000)).length, 500);
  assert.equal(oneLine(' \n '), 'no reason was given');
});

test('a process that was killed or gave up names the likely cause and what helps', () => {
  assert.equal(
    exitWords(null, 'SIGKILL'),
    `its worker was killed (SIGKILL), most often for lack of memory; ${remedy}`,
  );
  for (const [code, signal] of [
    [null, 'SIGABRT'],
    [134, null],
  ] as const)
    assert.match(
      exitWords(code, signal),
      /^its worker gave up \(SIGABRT\).*see workers\.log; fewer/,
    );
  assert.equal(exitWords(3, null), 'its worker ended with exit status 3; see workers.log');
});
