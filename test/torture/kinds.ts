/** @file All kinds of torture, with how often each is tried in full and in a test. */
import { turnTheClockBack } from './clock-back.ts';
import { fillTheDisk } from './full-disk.ts';
import { hangAWorker } from './hang.ts';
import { killTheRunner, killTheWorkers } from './kills.ts';
import { killALearningSweep } from './learning-sweep.ts';
import { starveAWorker } from './out-of-memory.ts';
import { cutAndResume, cutEveryByte } from './power-cut.ts';
import { briefSpec, fullSpec, type Torture, type Verdict } from './sweep.ts';
import { startTwo } from './two-runners.ts';

export interface Kind {
  /** What happens, to the end of the sentence "a sweep whose …". */
  readonly name: string;
  readonly torture: (torture: Torture) => Promise<Verdict>;
  readonly full: number;
  readonly few: number;
  /**
   * The sweep that is disturbed in full. Six trials where disturbances have to meet every stage of
   * a sweep, three where they meet one trial or the runner as a whole; some kinds make their own.
   */
  readonly spec: string;
}

export const kinds: readonly Kind[] = [
  { name: 'runner is killed', torture: killTheRunner, full: 100, few: 3, spec: fullSpec },
  { name: 'workers are killed', torture: killTheWorkers, full: 100, few: 2, spec: fullSpec },
  {
    name: 'runner is killed while it learns',
    torture: killALearningSweep,
    full: 40,
    few: 1,
    spec: fullSpec,
  },
  { name: 'journal ends at any byte', torture: cutEveryByte, full: 4096, few: 200, spec: fullSpec },
  { name: 'machine loses its power', torture: cutAndResume, full: 20, few: 2, spec: fullSpec },
  { name: 'disk fills up', torture: fillTheDisk, full: 12, few: 3, spec: fullSpec },
  { name: 'worker gets no memory', torture: starveAWorker, full: 8, few: 2, spec: fullSpec },
  { name: 'worker hangs', torture: hangAWorker, full: 8, few: 1, spec: briefSpec },
  { name: 'clock goes back', torture: turnTheClockBack, full: 10, few: 2, spec: briefSpec },
  { name: 'folder has two runners', torture: startTwo, full: 15, few: 2, spec: briefSpec },
];
