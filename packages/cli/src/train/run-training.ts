import { join, relative } from 'node:path';
import {
  CheckpointStore,
  composeRun,
  DoppioError,
  EventBus,
  LocalCheckpointStore,
  Policy,
  provide,
  RunDirectory,
  Tracker,
  train,
  type LoadedConfig,
  type ResolvedConfig,
} from '@doppio/core';
import { configFromFlags } from '../config-flags.js';
import type { TrainFlags } from '../commands/train.js';
import { EXIT } from '../failure.js';
import { loadHost } from '../host.js';
import { print, printJson } from '../print.js';
import { freshFolder } from './fresh-folder.js';
import { reportLines } from './report.js';
import { resumedConfig, writeRunSource } from './run-source.js';
import { stopOnInterrupt } from './stop-signals.js';
import { summarise } from './summary.js';

/** Trains as configured; gives the exit code. */
export async function runTraining(flags: TrainFlags): Promise<number> {
  const started = performance.now();
  const loaded = await trainingConfig(flags);
  const { config } = loaded;
  await using directory = await RunDirectory.open(config.out, { resume: flags.resume !== undefined });
  const host = await loadHost(config.plugins, loaded.directory);
  const goOn = `npx doppio train --resume ${relative(process.cwd(), directory.path) || '.'}`;
  using stop = stopOnInterrupt(() =>
    process.stderr.write('\nstopping after the running step (Ctrl-C again stops at once)\n'),
  );
  const store = new LocalCheckpointStore(directory.path, { keep: config.training.keepCheckpoints });
  await using parts = await composeRun(host, withoutConsole(config, flags.json === true), {
    signal: stop.immediate,
    services: [provide(CheckpointStore, () => store)],
  });
  // Before anything is written: a run whose parts cannot be made leaves its folder free for the next try.
  const made = await parts.trainingParts();
  const trackers = await parts.getAll(Tracker);
  await directory.writeConfig(config);
  if (flags.resume === undefined) await writeRunSource(directory.path, loaded, flags);
  const { state } = await store.latest();
  await using bus = new EventBus([directory.eventLogTracker(), ...trackers], {
    onTrackerError: (tracker, error) => process.stderr.write(`tracker ${tracker.id}: ${String(error)}\n`),
  });
  bus.emit({
    type: 'run-started',
    directory: directory.path,
    seed: config.seed,
    totalSteps: config.training.steps,
    resumedFrom: state?.step ?? 0,
  });
  const result = await train(
    made,
    { seed: config.seed, ...config.training, evaluation: config.evaluation },
    bus.emit,
    stop,
  ).catch((error: unknown) => {
    const status = stop.immediate.aborted ? 'stopped' : 'failed';
    bus.emit({ type: 'run-finished', status, summary: { error: String(error) } });
    if (stop.immediate.aborted)
      process.stderr.write(`stopped at once; go on from the last checkpoint with\n  ${goOn}\n`);
    throw error;
  });
  const adapter = join(directory.path, 'adapter');
  await (await parts.get(Policy)).adapter.save(adapter);
  const summary = summarise(result, {
    seed: config.seed,
    adapter,
    seconds: (performance.now() - started) / 1000,
  });
  await directory.writeSummary(summary);
  bus.emit({ type: 'run-finished', status: result.status, summary: { ...summary } });
  await bus.close();
  if (flags.json === true) printJson(summary);
  else for (const line of reportLines(result, summary, config.evaluation.examples)) print(line);
  if (result.status === 'completed') return EXIT.done;
  process.stderr.write(
    `stopped after step ${String(result.steps)} of ${String(config.training.steps)}; go on with\n  ${goOn}\n`,
  );
  return EXIT.stopped;
}

/** A new run's configuration from the flags, or an earlier one's from its folder. */
async function trainingConfig(flags: TrainFlags): Promise<LoadedConfig> {
  if (flags.resume === undefined) {
    const loaded = await configFromFlags(flags);
    const named = !/^(default|preset)/.test(loaded.provenance['out'] ?? 'default');
    return named ? loaded : { ...loaded, config: { ...loaded.config, out: freshFolder(loaded.config.out) } };
  }
  const changed =
    [flags.config, flags.preset, flags.seed, flags.out, flags.steps].some((flag) => flag !== undefined) ||
    flags.set.length > 0;
  if (changed)
    throw new DoppioError('CLI_RESUME', {
      what: '--resume takes the configuration of the run as it was',
      where: 'command line',
      seen: 'another flag of the configuration',
      fix: 'leave the other flags out, or start a new run',
    });
  return resumedConfig(flags.resume);
}

/** In JSON mode nothing but the summary goes to standard output. */
function withoutConsole(config: ResolvedConfig, json: boolean): ResolvedConfig {
  return json
    ? { ...config, trackers: config.trackers.filter((tracker) => tracker.use !== 'console') }
    : config;
}
