import { grid } from './grid.ts';
import { random } from './random.ts';

export const samplers = [grid, random];
