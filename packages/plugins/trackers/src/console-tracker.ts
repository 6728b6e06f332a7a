import type { RunEvent, StepMetrics, Tracker } from '@doppio/core';
import { colorsFor, type Colors } from './colors.js';
import { evaluationLine, shortPath, sparkline, stepLine, wrap } from './format.js';
import { LiveArea } from './live-area.js';

/** Where the console tracker writes. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** A terminal can rewrite its last lines; a file or pipe gets one plain line per step. */
  readonly isTTY: boolean;
  /** As of now: windows change their width. */
  readonly columns: number;
}

/** In a terminal, every so many steps one stays; the others are seen as they pass. */
const KEEP_EVERY = 10;
/** Steps whose reward is drawn, one bar each. */
const MOST_BARS = 24;
const LEAST_BARS = 8;

/**
 * Shows a run to a person. In a terminal, the last lines live: the newest step and what is under way, wrapped to the
 * window's width. Without one, each event is one plain line.
 */
export class ConsoleTracker implements Tracker {
  readonly id = 'console';
  private readonly rewards: number[] = [];
  private readonly colors: Colors;
  private readonly area: LiveArea;
  /** The newest step, unless its line was printed to stay. */
  private newest: StepMetrics | undefined;
  private activity = '';

  constructor(private readonly terminal: Terminal) {
    this.colors = colorsFor(terminal.isTTY);
    this.area = new LiveArea(terminal);
  }

  readonly onEvent = (event: RunEvent): void => {
    const pc = this.colors;
    switch (event.type) {
      case 'run-started':
        this.line(
          pc.bold(`run ${shortPath(event.directory)}`) +
            pc.dim(`  seed ${String(event.seed)}`) +
            (event.resumedFrom > 0 ? `  resumed after step ${String(event.resumedFrom)}` : ''),
        );
        break;
      case 'phase':
        this.settle();
        this.line(pc.cyan(event.phase));
        break;
      case 'sampling':
        this.underWay(
          event.finished < event.total
            ? `step ${String(event.step)}: sampling ${String(event.finished)}/${String(event.total)} completions, ${String(event.tokens)} tokens`
            : `step ${String(event.step)}: training on ${String(event.total)} completions, ${String(event.tokens)} tokens`,
        );
        break;
      case 'evaluation-progress':
        this.underWay(`${event.name}: ${String(event.finished)}/${String(event.total)} completions`);
        break;
      case 'evaluation':
        this.settle();
        this.fitted(evaluationLine(event.name, event.summary), pc.bold);
        break;
      case 'step':
        this.step(event.metrics);
        break;
      case 'reward-failed':
        this.line(
          pc.yellow(`reward ${event.reward} abstained at step ${String(event.step + 1)}: ${event.message}`),
        );
        break;
      case 'warning':
        this.line(pc.yellow(`${event.code}: ${event.message}`));
        break;
      case 'stopping':
        this.line(pc.yellow(event.reason));
        break;
      case 'run-finished':
        this.settle();
        this.line(pc.dim(`run ${event.status}`));
        break;
      case 'checkpoint':
        break;
    }
  };

  readonly close = (): void => {
    this.settle();
  };

  private step(metrics: StepMetrics): void {
    if (metrics.reward !== null) this.rewards.push(metrics.reward);
    if (!this.terminal.isTTY) {
      this.line(stepLine(metrics));
      return;
    }
    const { step, totalSteps } = metrics;
    const stays = step === 1 || step % KEEP_EVERY === 0 || step === totalSteps;
    this.newest = stays ? undefined : metrics;
    if (stays) {
      this.area.clear();
      this.fitted(stepLine(metrics));
    }
    // The next step's sampling says more as soon as the first completions are finished.
    if (step < totalSteps) this.underWay(`step ${String(step + 1)}: sampling`);
  }

  /** What is going on now; nothing of it goes to files and pipes. */
  private underWay(activity: string): void {
    if (!this.terminal.isTTY) return;
    this.activity = activity;
    this.draw();
  }

  private draw(): void {
    const { width } = this.area;
    const step = this.newest === undefined ? [] : wrap(stepLine(this.newest), width);
    const label = '  reward ';
    const bars = Math.min(MOST_BARS, width - this.activity.length - label.length);
    const history = this.rewards.length < 2 || bars < LEAST_BARS ? '' : label + sparkline(this.rewards, bars);
    this.area.show([...step, this.activity + history]);
  }

  /** Takes away what was under way. */
  private settle(): void {
    this.activity = '';
    this.newest = undefined;
    if (this.terminal.isTTY) this.area.clear();
  }

  /** A line that stays. */
  private line(text: string): void {
    if (this.terminal.isTTY) this.area.print(text);
    else this.terminal.write(`${text}\n`);
  }

  /** A line of fields that stays; in a narrow window it goes on in the next line, between two fields. */
  private fitted(text: string, style: (text: string) => string = (plain) => plain): void {
    const lines = this.terminal.isTTY ? wrap(text, this.area.width) : [text];
    for (const line of lines) this.line(style(line));
  }
}
