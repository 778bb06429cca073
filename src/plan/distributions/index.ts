import { choice } from './choice.ts';
import { int } from './int.ts';
import { logUniform } from './log-uniform.ts';
import { normal } from './normal.ts';
import { quantized } from './quantized.ts';
import { uniform } from './uniform.ts';

export const distributions = [choice, int, logUniform, normal, quantized, uniform];
