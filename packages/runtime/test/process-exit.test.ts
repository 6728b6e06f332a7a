import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of children/ in a process of its own. */
function runChild(name: string): Promise<Ended> {
  const script = fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=doppio:source', '--import', 'tsx', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: 30_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}

describe('a process', () => {
  it('ends by itself after dispose', async () => {
    expect(await runChild('dispose-in-run')).toMatchObject({ code: 0, stdout: 'read 490000', stderr: '' });
  });

  it('ends by itself with an idle host that nobody disposed', async () => {
    expect(await runChild('no-dispose')).toMatchObject({ code: 0, stdout: 'read 490000', stderr: '' });
  });

  it('may exit in the middle of a run', async () => {
    expect(await runChild('exit-in-run')).toMatchObject({ code: 7, signal: null, stderr: '' });
  });

  it('may die of an exception in the middle of a run', async () => {
    const ended = await runChild('throw-in-run');
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.stderr).toContain('a bug in the caller');
  });
});
