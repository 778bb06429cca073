/** @file Where a command writes, and what its exit status means. */

/** Results go to stdout, everything else to stderr. */
export interface Output {
  readonly result: (text: string) => void;
  readonly note: (text: string) => void;
}

/** 0 done, 1 a trial failed for good, 2 the spec or the arguments are wrong, 130 interrupted. */
export type ExitStatus = 0 | 1 | 2 | 130;

/** Options of every command. */
export interface CommonOptions {
  readonly runs: string;
  readonly json: boolean;
}

export const output: Output = {
  result: (text) => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  },
  note: (text) => {
    process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
  },
};

/** Whether stdout wants colour: a terminal, unless NO_COLOR says otherwise. */
export const wantsColor = () => Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

/** Width of the terminal; in a pipe wide enough for every column of most tables. */
export const width = () => process.stdout.columns ?? 160;
