import { grid } from './grid.ts';

export const samplers = [grid];
