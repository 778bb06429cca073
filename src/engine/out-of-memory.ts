/** @file Whether an error is that there was no memory left. */

/** As TensorFlow, XLA, V8 and the system say it. */
const words =
  /\bOOM\b|resource[_ ]?exhausted|out of memory|bad_alloc|cannot allocate memory|failed to map segment|ENOMEM|(?:array buffer|memory) allocation failed/i;

export const isOutOfMemory = (message: string): boolean => words.test(message);
