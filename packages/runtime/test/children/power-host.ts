import { createRuntimeHost } from '@doppio/runtime';
import type { HostTensor } from '@doppio/runtime';
import { power } from '../models.js';

/** A host with a run under way that takes a few hundred milliseconds. */
export const host = await createRuntimeHost({ name: 'child' });
const session = await host.createSession(power(100), { name: 'power' });
const n = 700;
const x: HostTensor = { dtype: 'float32', shape: [n, n], data: new Float32Array(n * n) };
await session.run({ x }, { keep: ['y'] }).read;
export const running = session.run({ x }, { read: ['y'] }).read;
export const halfway = new Promise((resolve) => setTimeout(resolve, 60));
