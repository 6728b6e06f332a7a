/**
 * Checks what `npm publish` would send: packs every publishable package, then runs publint (files, exports, bin) and
 * attw (types as an ESM consumer resolves them) on the tarball. One line per package; exit status 1 on any problem.
 * Needs a build. Run by `npm run check:packages`.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
