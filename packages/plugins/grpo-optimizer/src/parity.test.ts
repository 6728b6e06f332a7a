import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  adamwCase,
  advantagesCase,
  lossCase,
  scheduleCase,
  type AdamwCase,
  type AdvantagesCase,
  type LossCase,
  type ScheduleCase,
} from './parity/index.js';

const folder = new URL('../../../../../shared/fixtures/', import.meta.url);
const cases = <Case>(path: string): readonly Case[] =>
  existsSync(new URL(path, folder))
    ? (JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as { cases: readonly Case[] }).cases
    : [];

it('prints', () => {
  const show = (n: string, r: { worstError: number; limit: number }[]) => console.log(n, r.length, Math.max(...r.map((x) => x.worstError)), r.filter((x) => !(x.worstError <= x.limit)).length);
  show('adv', cases<AdvantagesCase>('numeric/advantages.json').map(advantagesCase));
  show('adamw', cases<AdamwCase>('numeric/adamw.json').map((c) => adamwCase(c)));
  show('adamw32', cases<AdamwCase>('numeric/adamw.json').map((c) => adamwCase(c, 'float32')));
  show('sched', cases<ScheduleCase>('text/schedules.json').map(scheduleCase));
  const l = cases<LossCase & { name: string }>('numeric/grpo-losses.json');
  show('loss', l.map(lossCase));
  for (const c of l) { const r = lossCase(c); if (!(r.worstError <= r.limit)) console.log(c.name, r); }
});
