import { halfway, running } from './power-host.js';

void running;
await halfway;
process.exit(7);
