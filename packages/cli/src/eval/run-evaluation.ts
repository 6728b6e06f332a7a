import {
  AdapterFactory,
  Benchmark,
  composeRun,
  distinctNames,
  evaluate,
  Sampler,
  type EvaluationSummary,
} from '@doppio/core';
import { linearSites, loadModelWeights } from '@doppio/models';
import { evaluationLine } from '@doppio/trackers';
import type { EvalFlags } from '../commands/eval.js';
import { configFromFlags } from '../config-flags.js';
import { loadHost } from '../host.js';
import { print, printJson } from '../print.js';
import { stopOnInterrupt } from '../stop-signals.js';

/** Measures a model, with or without an adapter, on every benchmark of the configuration. */
export async function runEvaluation(flags: EvalFlags): Promise<void> {
  const { config, directory } = await configFromFlags(flags);
  const host = await loadHost(config.plugins, directory);
  using stop = stopOnInterrupt();
  // There is nothing to save: the first Ctrl-C stops at once, a second one ends the process.
  const { graceful: signal } = stop;
  stop.onFirst(() => process.stderr.write('\nstopping\n'));
  await using parts = await composeRun(host, config, { signal });
  const sampler = await parts.get(Sampler);
  if (flags.adapter !== undefined) {
    const weights = await loadModelWeights(config.model);
    const factory = await parts.get(AdapterFactory);
    await sampler.setAdapter(
      await factory.load({ sites: linearSites(weights.config), weights: weights.tensors }, flags.adapter),
    );
  }
  const summaries: EvaluationSummary[] = [];
  const benchmarks = await parts.getAll(Benchmark);
  const names = distinctNames(benchmarks);
  for (const [i, benchmark] of benchmarks.entries()) {
    const name = names[i] as string;
    const { summary } = await evaluate(benchmark, sampler, {
      name,
      seed: config.seed,
      signal,
      onGradeFailed: (message) => process.stderr.write(`GRADE_FAILED: ${message}\n`),
      ...(process.stderr.isTTY && flags.json !== true ? { onProgress: showProgress } : {}),
    });
    summaries.push(summary);
    if (flags.json !== true) print(evaluationLine(name, summary));
  }
  if (flags.json === true) printJson(summaries);
}

function showProgress({ finished, total }: { readonly finished: number; readonly total: number }): void {
  process.stderr.write(`\r${String(finished)}/${String(total)} completions${finished === total ? '\n' : ''}`);
}
