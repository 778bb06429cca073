/** @file The process that sends a run while it is trained: slow or silent servers hold up nobody else. */
import { setPriority } from 'node:os';
import type { TrackerOrder, TrackerReply, TrackerRequest } from './messages.ts';
import { openSync, type Sync } from './sync.ts';
import { troubleOf } from './trouble.ts';

const passMilliseconds = 1000;
const longestPauseMilliseconds = 30_000;

const tell = (reply: TrackerReply) => {
  if (process.connected) process.send?.(reply);
};

// Ctrl-C reaches every process of the group: the runner decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
const gone = new AbortController();
process.on('disconnect', () => {
  gone.abort();
  process.exit(0);
});
let isComplete = false;
let wake = () => {};

process.on('message', (request: TrackerRequest) => {
  if (request.type === 'begin') void track(request.order);
  else isComplete = true;
  wake();
});

async function track({ folder, target }: TrackerOrder): Promise<void> {
  // Training comes first where cores are few.
  setPriority(10);
  const say = (line: string) => tell({ type: 'say', line });
  const opened = openSync({
    folder,
    target,
    env: process.env,
    signal: gone.signal,
    say,
    retries: 2,
  });
  if (!opened.ok) {
    say(`MLflow: ${opened.reason}; training goes on`);
    const nothing = { sent: 0, all: 0, refused: [], link: null, isInTrouble: false };
    tell({ type: 'done', state: nothing });
    return process.disconnect();
  }
  const { sync } = opened;
  try {
    await sendUntilComplete(sync, say);
    tell({ type: 'done', state: stateOf(sync, false) });
  } finally {
    await sync[Symbol.asyncDispose]();
  }
  process.disconnect();
}

async function sendUntilComplete(sync: Sync, say: (line: string) => void): Promise<void> {
  for (let failures = 0; ; ) {
    const wasComplete = isComplete;
    const trouble = await attempt(sync);
    tell({ type: 'state', state: stateOf(sync, trouble !== null) });
    if (trouble && failures === 0) say(`MLflow: ${trouble.text}; training goes on`);
    if (!trouble && failures > 0) say('MLflow: the server answers again');
    failures = trouble ? failures + 1 : 0;
    if (trouble?.isFinal || (wasComplete && !trouble)) return;
    await pause(Math.min(longestPauseMilliseconds, passMilliseconds * 2 ** failures));
  }
}

async function attempt(sync: Sync) {
  try {
    await sync.pass();
    return null;
  } catch (error) {
    return troubleOf(error);
  }
}

function stateOf(sync: Sync, isInTrouble: boolean) {
  const { sent, all, refused, link } = sync.progress();
  return { sent, all, refused, link, isInTrouble };
}

/** Ends early when there is a message. */
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
