import { main } from '@doppio/cli';

await main();
