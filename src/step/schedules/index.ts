import type { ScheduleKind } from '../define.ts';
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { exponential } from './exponential.ts';
import { step } from './step.ts';
import { warmUp } from './warm-up.ts';

export const schedules: readonly ScheduleKind[] = [constant, cosine, exponential, step, warmUp];
