/** What to tell of a failed file operation: `seen` and `fix` of a DoppioError, from the system's error code. */
export function explainFileError(error: unknown): { seen: string; fix: string; cause: unknown } {
  const { code, message } = error as NodeJS.ErrnoException;
  return { seen: message, fix: fixes[code ?? ''] ?? 'See the system message above.', cause: error };
}

const fixes: Readonly<Record<string, string>> = {
  ENOSPC:
    'The disk is full: free some space, or start the run on another disk with --out. A folder moved there can be resumed.',
  EDQUOT:
    'Your disk quota is used up: free some space, or start the run on another disk with --out. A folder moved there can be resumed.',
  EACCES: 'This user may not write there: change the permissions, or choose another folder with --out.',
  EPERM: 'This user may not write there: change the permissions, or choose another folder with --out.',
  EROFS: 'The file system is read-only: choose a folder on a writable one with --out.',
  ENOTDIR: 'A part of the path is a file, not a folder: choose another folder with --out.',
  EEXIST: 'A file is in the way: remove it, or choose another folder with --out.',
  ENOENT: 'The folder was removed, or the path cannot be made there: choose another one with --out.',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n).',
  EIO: 'The disk reported an error: check it, and keep a copy of the run elsewhere.',
};
