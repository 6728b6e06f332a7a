import { join, resolve } from 'node:path';
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
  type TrainingResult,
} from '@doppio/core';
import { configFromFlags } from '../config-flags.js';
import type { TrainFlags } from '../commands/train.js';
import { EXIT } from '../failure.js';
import { loadHost } from '../host.js';
import { print, printJson } from '../print.js';
import { STOPPING, type Stop } from '../stop-signals.js';
import { freshFolder } from './fresh-folder.js';
import { goOnCommand } from './go-on-command.js';
import { reportLines } from './report.js';
import { resumedConfig, writeRunSource } from './run-source.js';
import { ofOneRun } from './same-run.js';
import { summarise, type RunSummary } from './summary.js';

/** Trains as configured; gives the exit code. */
export async function runTraining(flags: TrainFlags, stop: Stop): Promise<number> {
  const started = performance.now();
  const json = flags.json === true;
  const loaded = await trainingConfig(flags);
  const { config } = loaded;
  await using directory = await RunDirectory.open(config.out, { resume: flags.resume !== undefined });
  const goOn = goOnCommand(directory.path);
  const host = await loadHost(config.plugins, loaded.directory);
  const store = ofOneRun(
    new LocalCheckpointStore(directory.path, { keep: config.training.keepCheckpoints }),
    config,
    join(directory.path, 'config.json'),
  );
  const shown = json ? withoutConsole(config) : config;
  await using parts = await composeRun(host, shown, {
    signal: stop.immediate,
    services: [provide(CheckpointStore, () => store)],
  });
  // Before anything is written: a run whose parts cannot be made leaves its folder free for the next try.
  const made = await parts.trainingParts();
  const trackers = await parts.getAll(Tracker);
  if (stop.graceful.aborted) {
    const rest = flags.resume === undefined ? '' : `; go on with\n  ${goOn}`;
    process.stderr.write(`stopped before the first step${rest}\n`);
    return EXIT.stopped;
  }
  const { state } = await store.latest();
  if (flags.resume === undefined) await writeRunSource(directory.path, loaded, flags);
  await directory.writeConfig(config);
  const listeners = [directory.eventLogTracker(), ...trackers, ...(json ? [warningsTracker] : [])];
  await using bus = new EventBus(listeners, {
    onTrackerError: (tracker, error) => process.stderr.write(`tracker ${tracker.id}: ${String(error)}\n`),
  });
  tellOfStops(stop, bus, { goOn, hasConsole: shown.trackers.some(({ use }) => use === 'console') });

  const trainAndSave = async (): Promise<{
    readonly result: TrainingResult;
    readonly summary: RunSummary;
  }> => {
    bus.emit({
      type: 'run-started',
      directory: directory.path,
      seed: config.seed,
      totalSteps: config.training.steps,
      resumedFrom: state?.step ?? 0,
    });
    const options = { seed: config.seed, ...config.training, evaluation: config.evaluation };
    const result = await train(made, options, bus.emit, stop);
    const adapter = join(directory.path, 'adapter');
    await (await parts.get(Policy)).adapter.save(adapter);
    const seconds = (performance.now() - started) / 1000;
    const summary = summarise(result, { seed: config.seed, adapter, seconds });
    await directory.writeSummary(summary);
    return { result, summary };
  };
  const { result, summary } = await trainAndSave().catch(async (error: unknown) => {
    if (!stop.immediate.aborted) {
      bus.emit({ type: 'run-finished', status: 'failed', summary: { error: String(error) } });
      await bus.close();
      process.stderr.write(
        `the run failed; what it has saved is kept. Once the cause is mended, go on with\n  ${goOn}\n`,
      );
    }
    throw stop.immediate.aborted ? stop.immediate.reason : error;
  });
  bus.emit({ type: 'run-finished', status: result.status, summary: { ...summary } });
  await bus.close();
  if (json) printJson(summary);
  else for (const line of reportLines(result, summary, config.evaluation.examples)) print(line);
  if (result.status === 'completed') return EXIT.done;
  process.stderr.write(
    `stopped after step ${String(result.steps)} of ${String(config.training.steps)}; go on with\n  ${goOn}\n`,
  );
  return EXIT.stopped;
}

function tellOfStops(
  stop: Stop,
  bus: EventBus,
  { goOn, hasConsole }: { readonly goOn: string; readonly hasConsole: boolean },
): void {
  stop.onFirst(() => {
    bus.emit({ type: 'stopping', reason: STOPPING });
    // In a terminal the console tracker says it, above the lines that it rewrites.
    if (!(hasConsole && process.stdout.isTTY)) process.stderr.write(`${STOPPING}\n`);
  });
  // Told now and not at the end, which may be that of the process.
  stop.immediate.addEventListener('abort', () => {
    bus.emit({ type: 'run-finished', status: 'stopped', summary: { error: 'stopped at once' } });
    process.stderr.write(`stopped at once; go on from the last checkpoint with\n  ${goOn}\n`);
  });
}

/** A new run's configuration from the flags, or an earlier one's from its folder. */
async function trainingConfig(flags: TrainFlags): Promise<LoadedConfig> {
  if (flags.resume === undefined) {
    const loaded = await configFromFlags(flags);
    const named = !/^(default|preset)/.test(loaded.provenance['out'] ?? 'default');
    return named ? loaded : { ...loaded, config: { ...loaded.config, out: freshFolder(loaded.config.out) } };
  }
  const { config, preset, seed, out, steps, set } = flags;
  const given = Object.entries({ config, preset, seed, out, steps, set: set.length > 0 ? set : undefined });
  const others = given.filter(([, value]) => value !== undefined).map(([name]) => `--${name}`);
  if (others.length > 0)
    throw new DoppioError('CLI_RESUME', {
      what: '--resume takes the configuration of the run as it was',
      where: 'command line',
      seen: others.join(', '),
      fix: `${goOnCommand(resolve(flags.resume))}, without other flags; or start a new run`,
    });
  return resumedConfig(flags.resume);
}

/** In JSON mode, where no console tracker says it. */
const warningsTracker: Tracker = {
  id: 'warnings',
  onEvent: (event) => {
    if (event.type === 'warning') process.stderr.write(`${event.code}: ${event.message}\n`);
  },
};

/** In JSON mode nothing but the summary goes to standard output. */
function withoutConsole(config: ResolvedConfig): ResolvedConfig {
  return { ...config, trackers: config.trackers.filter((tracker) => tracker.use !== 'console') };
}
