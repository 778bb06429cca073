/** @file Tells what a file system refuses from what is a defect of ours. */

const refusals = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EISDIR', 'EEXIST'];

/** What the system said; throws the error where it is no refusal. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof Error) || !refusals.includes(codeOf(error))) throw error;
  return error.message;
}

/** `ENOENT` and the like; empty where it has none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
