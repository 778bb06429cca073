import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fullDiskReason } from './full-disk.ts';
import { kinds } from './kinds.ts';
import { memoryReason } from './out-of-memory.ts';
import { briefSpec } from './sweep.ts';

const reasons: Readonly<Record<string, string | undefined>> = {
  'disk fills up': fullDiskReason,
  'worker gets no memory': memoryReason,
};

// A few of each; `npm run torture` has the full counts.
for (const { name, torture, few } of kinds) {
  test(`a sweep whose ${name} ends as if nothing had happened, and trains no finished trial twice`, {
    skip: reasons[name] ?? false,
  }, async (context) => {
    const say = (line: string) => context.diagnostic(line);
    const { differences } = await torture({ tries: few, spec: briefSpec, say });
    assert.deepEqual(differences, []);
  });
}
