import { gp } from './gp.ts';
import { grid } from './grid.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { sobol } from './sobol.ts';
import { tpe } from './tpe.ts';

export const samplers = [grid, random, sobol, tpe, gp, nsga2];
