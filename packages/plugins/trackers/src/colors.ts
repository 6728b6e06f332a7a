import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours for a terminal, none for files and pipes; NO_COLOR and FORCE_COLOR decide where they are set. Picocolors alone
 * would also colour files where the variable CI is set.
 */
export function colorsFor(isTTY: boolean): Colors {
  return pc.createColors(pc.isColorSupported && (isTTY || Boolean(process.env['FORCE_COLOR'])));
}
