import { readFileSync } from 'node:fs';

/**
 * When a process began, in the system's own units: tells apart two processes that had the same id. Undefined where
 * the system does not say (only Linux does), or no such process is running.
 */
export function processStart(pid: number): string | undefined {
  return processStat(pid)?.start;
}

/**
 * Whether process `pid` of this host is running.
 *
 * @param start - its {@link processStart}, where known: another process that got the same id does not count
 */
export function isProcessAlive(pid: number, start?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, but another user's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const stat = processStat(pid);
  if (stat === undefined) return true;
  // A killed process whose parent has not asked for its exit status is still listed, as a zombie.
  return !/^[ZXx]$/.test(stat.state) && (start === undefined || start === stat.start);
}

function processStat(pid: number): { readonly state: string; readonly start: string } | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold blanks; the rest begins with the third.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0], fields[19]];
    return state === undefined || start === undefined ? undefined : { state, start };
  } catch {
    return undefined;
  }
}
