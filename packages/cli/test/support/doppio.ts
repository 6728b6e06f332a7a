import { main } from '../../src/main.js';

// The command line as `bin/doppio.js` runs it, on the sources instead of the build.
await main();
