import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packages = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Arguments for Node that run the command line: as users have it, from the build, where that is as new as the sources
 * (after `npm ci` it is); else from the sources, which is the same but takes a second longer to start.
 */
export const commandLine: readonly string[] = isBuilt()
  ? [join(packages, 'cli/bin/doppio.js')]
  : [
      '--conditions=doppio:source',
      '--import',
      pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
      fileURLToPath(new URL('doppio.ts', import.meta.url)),
    ];

function isBuilt(): boolean {
  const folders = [packages, join(packages, 'plugins')].flatMap((parent) =>
    readdirSync(parent).map((name) => join(parent, name)),
  );
  return folders
    .filter((folder) => timeOf(join(folder, 'src')) !== undefined)
    .every((folder) => {
      const built = timeOf(join(folder, 'dist/tsconfig.tsbuildinfo'));
      return built !== undefined && sourceTimes(join(folder, 'src')).every((time) => time <= built);
    });
}

function sourceTimes(folder: string): number[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(name))
    .map((name) => timeOf(join(folder, name)) ?? 0);
}

function timeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
