import { it } from 'vitest';
import { checkFolder } from '../src/parity/check-folder.js';
it('x', async () => { const t=performance.now(); for (const r of await checkFolder(process.env['PARITY_DIR'] ?? '/work/shared/fixtures')) console.log(r.passed?'ok ':'BAD', r.file, r.worst, r.limit, r.note); console.log((performance.now()-t)/1000,'s'); }, 300000);
