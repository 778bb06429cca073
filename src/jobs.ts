/** @file How many workers there are when nobody says. */
import { availableParallelism } from 'node:os';

/** One a core. */
export const defaultJobs = () => availableParallelism();
