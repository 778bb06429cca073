/** @file Preloaded: from the moment on at which the file CLOCK_TURNED is there, the clock is an hour back. */
import { existsSync } from 'node:fs';

const RealDate = Date;
const realNow = RealDate.now;
let isTurned = false;

function now() {
  isTurned ||= existsSync(process.env.CLOCK_TURNED);
  return realNow() - (isTurned ? 3_600_000 : 0);
}

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now = now;
};
