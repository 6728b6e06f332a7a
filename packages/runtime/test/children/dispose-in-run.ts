import { halfway, host, running } from './power-host.js';

await halfway;
const disposed = host.dispose();
const { y } = await running;
await disposed;
process.stdout.write(`read ${String(y.data.length)}`);
