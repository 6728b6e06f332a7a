import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { goOnCommand, type Call } from '../src/train/go-on-command.js';

const call: Call = {
  cwd: '/work/project',
  script: '/work/project/packages/cli/bin/doppio.js',
  env: {},
  platform: 'linux',
};
const byNpm = { npm_lifecycle_event: 'start', npm_config_local_prefix: '/work/project' };

describe('the command that goes on with a run', () => {
  it.each<[string, string, Partial<Call>, string]>([
    ['by node', '/work/project/runs/a', {}, 'node packages/cli/bin/doppio.js train --resume runs/a'],
    [
      'by node from elsewhere',
      '/work/project/runs/a',
      { cwd: '/home' },
      'node /work/project/packages/cli/bin/doppio.js train --resume /work/project/runs/a',
    ],
    [
      'by npm start',
      '/work/project/runs/a',
      { env: { ...byNpm, INIT_CWD: '/work/project' } },
      'npx doppio train --resume runs/a',
    ],
    [
      'by npm start in a folder below: npm has changed the folder, the shell has not',
      '/work/project/runs/a',
      { env: { ...byNpm, INIT_CWD: '/work/project/docs' } },
      'npx doppio train --resume /work/project/runs/a',
    ],
    [
      'by npm --prefix from outside of the project, where npx does not find it',
      '/work/project/runs/a',
      { env: { ...byNpm, INIT_CWD: '/home' } },
      'node /work/project/packages/cli/bin/doppio.js train --resume /work/project/runs/a',
    ],
    [
      'on Windows, with a blank in the path',
      '/work/project/my runs/a',
      { platform: 'win32', env: { ...byNpm, INIT_CWD: '/work/project' } },
      'npx doppio train --resume "my runs/a"',
    ],
  ])('%s', (_, run, change, expected) => {
    expect(goOnCommand(run, { ...call, ...change })).toBe(expected);
  });

  it
    .skipIf(process.platform === 'win32')
    .each(['it\'s $HOME, `x` "y" & <z>', 'two  blanks', 'Übung', '-dash', '~', '*'])(
    'names the folder %s so that a shell takes it literally',
    (name) => {
      const command = goOnCommand(`/work/project/${name}`, call);
      const words = command.replace(/^.*--resume/, '');
      const printed = execFileSync('sh', ['-c', `printf '%s' ${words}`], { encoding: 'utf8' });
      expect([name, `./${name}`]).toContain(printed);
      if (name.startsWith('-')) expect(printed).toBe(`./${name}`);
    },
  );
});
