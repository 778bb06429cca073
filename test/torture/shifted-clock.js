/** @file Preloaded: after CLOCK_AFTER milliseconds of a process the clock goes back by an hour. */
const RealDate = Date;
const realNow = RealDate.now;
const after = Number(process.env.CLOCK_AFTER);
const now = () => realNow() - (performance.now() > after ? 3_600_000 : 0);

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now = now;
};
