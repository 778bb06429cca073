/** @file Hard sharing: one trunk for all tasks. */
import { Type } from 'typebox';
import { defineSharing } from '../define-sharing.ts';

export const hard = defineSharing({
  name: 'hard',
  summary: 'All tasks use the same trunk.',
  reference: 'Caruana 1997, Machine Learning 28',
  options: Type.Object({}, { additionalProperties: false }),
  connect(_, { input, tasks, layers, stack }) {
    const representation = stack('shared', layers, input);
    return Object.fromEntries(tasks.map((task) => [task, representation]));
  },
});
