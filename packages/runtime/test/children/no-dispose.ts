import { running } from './power-host.js';

const { y } = await running;
process.stdout.write(`read ${String(y.data.length)}`);
