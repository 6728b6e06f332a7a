import { relative, resolve } from 'node:path';
import { shortPath } from '@doppio/trackers';

/** What decides how the command line was called. */
export interface Call {
  /** Folder that paths given to the command start from. */
  readonly cwd: string;
  /** `process.argv[1]`. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** Command that goes on with a run, to be pasted into the shell that this process was started from. */
export function goOnCommand(run: string, call: Call = currentCall()): string {
  const { env, cwd, platform } = call;
  // npm starts scripts in the project's folder, wherever its user stands.
  const shellFolder = env['INIT_CWD'] ?? cwd;
  const byNpm = env['npm_lifecycle_event'] !== undefined;
  const project = env['npm_config_local_prefix'];
  const short = (path: string): string => shortPath(path, shellFolder);
  // npx finds the command only from within the project.
  const inProject = project !== undefined && !relative(project, shellFolder).startsWith('..');
  const program =
    byNpm && inProject ? 'npx doppio' : `node ${quoted(short(resolve(cwd, call.script)), platform)}`;
  return `${program} train --resume ${quoted(short(run), platform)}`;
}

function currentCall(): Call {
  const [, script = 'doppio'] = process.argv;
  return { cwd: process.cwd(), script, env: process.env, platform: process.platform };
}

/** A word as the shell takes it literally. */
function quoted(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+:,./][\w@%+:,./-]*$/.test(word)) return word;
  if (platform === 'win32') return `"${word}"`;
  const literal = word.startsWith('-') ? `./${word}` : word;
  return `'${literal.replaceAll("'", String.raw`'\''`)}'`;
}
