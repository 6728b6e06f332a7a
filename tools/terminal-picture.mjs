/**
 * Draws plain terminal output as an SVG, so that a picture in the documentation is the text that a command printed:
 *
 *   some-command | node tools/terminal-picture.mjs --command 'some-command' --out docs/images/some.svg
 *
 * Reads standard input. `--command` is shown above the output, behind a prompt.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const FONT_SIZE = 13;
/** Advance of a character and distance of baselines in pixels; most monospaced fonts advance 0.6 of their size. */
const ADVANCE = FONT_SIZE * 0.602;
const LINE_HEIGHT = 18;
const PADDING = 16;
const COLORS = { background: '#1b1f24', text: '#d4d9de', command: '#8fd18f' };

/**
 * @param {string} text lines of output
 * @param {string | undefined} command shown before them
 * @returns {string} SVG
 */
export function terminalPicture(text, command) {
  const output = text.replace(/\s+$/, '').split('\n');
  const lines = command === undefined ? output : [`$ ${command}`, ...output];
  const columns = Math.max(1, ...lines.map((line) => [...line].length));
  const width = Math.ceil(columns * ADVANCE) + 2 * PADDING;
  const height = lines.length * LINE_HEIGHT + 2 * PADDING;
  const rows = lines.map((line, i) => {
    const fill = i === 0 && command !== undefined ? ` fill="${COLORS.command}"` : '';
    const y = PADDING + i * LINE_HEIGHT + FONT_SIZE;
    // A fixed length keeps columns aligned in whatever monospaced font the reader has.
    const length = line === '' ? '' : ` textLength="${([...line].length * ADVANCE).toFixed(1)}"`;
    return `  <text x="${PADDING}" y="${y}"${fill}${length}>${escapeXml(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Terminal output">`,
    `  <rect width="100%" height="100%" rx="6" fill="${COLORS.background}"/>`,
    `  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}" fill="${COLORS.text}" xml:space="preserve">`,
    ...rows,
    '  </g>',
    '</svg>',
    '',
  ].join('\n');
}

function escapeXml(text) {
  // Control characters, such as those of colors, are not allowed in XML.
  const plain = text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').replace(/[\u0000-\u001f]/g, ' ');
  return plain.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

const { values } = parseArgs({ options: { command: { type: 'string' }, out: { type: 'string' } } });
if (values.out === undefined) {
  process.stderr.write('--out FILE.svg is needed\n');
  process.exitCode = 2;
} else {
  writeFileSync(values.out, terminalPicture(readFileSync(0, 'utf8'), values.command));
}
