import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/temporary-folder.js';
import { EventLog, readEventLog } from './event-log.js';

const folder = temporaryFolders();
const event = (phase: string) => ({ type: 'phase', time: 1, phase }) as const;
const line = (phase: string): string => `${JSON.stringify(event(phase))}\n`;

describe('EventLog', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['whole lines', line('a') + line('b'), ['a', 'b']],
    ['a torn line', `${line('a')}{"type":"ph`, ['a']],
    ['only a torn line', '{"type', []],
    ['a torn line of many blocks', `${line('a')}{"type":"${'x'.repeat(20_000)}`, ['a']],
    ['a whole line without its end', line('a') + line('b'.repeat(9000)).trimEnd(), ['a', 'b'.repeat(9000)]],
    ['zeros, as after a power cut', `${line('a')}${'\0'.repeat(4096)}`, ['a']],
  ])('goes on after %s', async (_, before, kept) => {
    const path = join(folder(), 'events.jsonl');
    writeFileSync(path, before);
    const read = await readEventLog(path);
    expect(read.events).toEqual(kept.map(event));
    const log = new EventLog(path);
    log.append(event('new'));
    log.close();
    log.close();
    expect(readFileSync(path, 'utf8')).toBe([...kept, 'new'].map(line).join(''));
  });

  it('counts damaged lines in the middle and reads on', async () => {
    const path = join(folder(), 'events.jsonl');
    writeFileSync(path, `${line('a')}{"type"\n3\n${line('b')}`);
    expect(await readEventLog(path)).toEqual({ events: [event('a'), event('b')], damaged: 2 });
  });
});
