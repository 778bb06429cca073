/** @file What to say where the disk, and not the program or its user, is what is wrong. */

/** What is the matter, and what helps, by the code of the error. */
const troubles: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['the disk is full', 'make room'],
  EDQUOT: ['the disk quota is used up', 'make room'],
  EFBIG: ['the file is larger than is allowed here', 'raise the limit (ulimit -f)'],
  EROFS: ['the disk is read-only', 'make it writable, or choose another folder with --runs'],
  EACCES: ['permission denied', 'make it writable, or choose another folder with --runs'],
  EPERM: ['permission denied', 'make it writable, or choose another folder with --runs'],
  EIO: ['the disk cannot read or write', 'see to the disk'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  ENFILE: ['too many files are open', 'close other programs'],
};

/**
 * One line where the file system refused: which file, why, and what to do. undefined for all other
 * errors, which are defects of ours.
 */
export function fileTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const [trouble, remedy] = troubles[String(error.code)] ?? [];
  if (!trouble) return undefined;
  const where = 'path' in error && error.path ? `${error.path}: ` : '';
  return `${where}${trouble} (${error.code}); nothing that was recorded is lost: ${remedy}, and the same command goes on from there`;
}
