import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { goOnCommand, type Call } from '../src/train/go-on-command.js';

const call: Call = {
  cwd: '/src/project',
  script: '/src/project/packages/cli/bin/doppio.js',
  env: {},
  platform: 'linux',
};
const byNpm = { npm_lifecycle_event: 'start', npm_config_local_prefix: '/src/project' };

describe('the command that goes on with a run', () => {
  it.each<[string, string, Partial<Call>, string]>([
    ['by node', '/src/project/runs/a', {}, 'node packages/cli/bin/doppio.js train --resume runs/a'],
    [
      'by node from elsewhere',
      '/src/project/runs/a',
      { cwd: '/home' },
      'node /src/project/packages/cli/bin/doppio.js train --resume /src/project/runs/a',
    ],
    [
      'by npm start',
      '/src/project/runs/a',
      { env: { ...byNpm, INIT_CWD: '/src/project' } },
      'npx doppio train --resume runs/a',
    ],
    [
      'by npm start in a folder below: npm has changed the folder, the shell has not',
      '/src/project/runs/a',
      { env: { ...byNpm, INIT_CWD: '/src/project/docs' } },
      'npx doppio train --resume /src/project/runs/a',
    ],
    [
      'by npm --prefix from outside of the project, where npx does not find it',
      '/src/project/runs/a',
      { env: { ...byNpm, INIT_CWD: '/home' } },
      'node /src/project/packages/cli/bin/doppio.js train --resume /src/project/runs/a',
    ],
    [
      'on Windows, with a blank in the path',
      '/src/project/my runs/a',
      { platform: 'win32', env: { ...byNpm, INIT_CWD: '/src/project' } },
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
      const command = goOnCommand(`/src/project/${name}`, call);
      const words = command.replace(/^.*--resume/, '');
      const printed = execFileSync('sh', ['-c', `printf '%s' ${words}`], { encoding: 'utf8' });
      expect([name, `./${name}`]).toContain(printed);
      if (name.startsWith('-')) expect(printed).toBe(`./${name}`);
    },
  );
});
