import { basename } from 'node:path';
import { loadTokenizer, StreamingDecoder } from '@doppio/models';
import { differs } from './errors.js';
import { listOf, tokenizerFolders, type Checker } from './fixture.js';
import { skipped, Tally } from './tally.js';

interface Decoding {
  readonly ids: readonly number[];
  readonly decoded: string;
  readonly decodedSkipSpecial: string;
}

export const tokenizerChecker: Checker = {
  kind: 'tokenizer',
  recognises: ({ json, name }) => ('streams' in json && 'decodes' in json) || /tokenizer/.test(name),
  check: async (fixture) => {
    const folders = await tokenizerFolders(fixture);
    const folder = folders.find((path) => fixture.about.includes(basename(path)));
    if (folder === undefined) return skipped('tokenizer not found');
    const tokenizer = await loadTokenizer(folder);
    const tally = new Tally();
    const same = (what: string, right: boolean): void => tally.add(what, right ? 0 : 1, 0);
    const decodes = ({ ids, decoded, decodedSkipSpecial }: Decoding, what: string): void => {
      same(`${what} decoded`, tokenizer.decode(ids) === decoded);
      same(
        `${what} without special tokens`,
        tokenizer.decode(ids, { skipSpecialTokens: true }) === decodedSkipSpecial,
      );
    };
    for (const golden of listOf<Decoding & { readonly text: string }>(fixture, 'cases')) {
      const what = JSON.stringify(golden.text.slice(0, 30));
      tally.add(`${what} encoded`, differs(tokenizer.encode(golden.text), golden.ids), 0);
      decodes(golden, what);
    }
    for (const golden of listOf<Decoding>(fixture, 'decodes'))
      decodes(golden, `ids ${golden.ids.slice(0, 6).join(' ')}`);
    listOf<{ readonly ids: readonly number[]; readonly prefixes: readonly string[] }>(
      fixture,
      'streams',
    ).forEach(({ ids, prefixes }, i) => {
      const decoder = new StreamingDecoder(tokenizer);
      ids.forEach((id, t) => {
        const prefix = prefixes[t] ?? '';
        same(`stream ${String(i)}, prefix ${String(t)}`, tokenizer.decode(ids.slice(0, t + 1)) === prefix);
        decoder.push([id]);
        // What may still change is held back.
        same(`stream ${String(i)}, text ${String(t)}`, decoder.text === prefix.replace(/\uFFFD+$/, ''));
      });
      decoder.finish();
      same(`stream ${String(i)}, end`, decoder.text === prefixes.at(-1));
    });
    if ('withSpecialTokens' in fixture.json)
      for (const { text, ids } of listOf<{ readonly text: string; readonly ids: readonly number[] }>(
        fixture,
        'withSpecialTokens',
      )) {
        const own = tokenizer.encode(text);
        tally.add(
          `${JSON.stringify(text)} after special tokens`,
          differs(own, own.length === 0 ? [] : ids.slice(-own.length)),
          0,
        );
        tally.note('automatically added special tokens are not compared: none are added');
      }
    return tally.outcome();
  },
};
