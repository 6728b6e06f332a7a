import type { RunEvent, Tracker } from '@doppio/core';
import { colorsFor, type Colors } from './colors.js';
import { evaluationLine, sparkline, stepLine } from './format.js';

/** Where the console tracker writes. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** A terminal can rewrite its last line; a file or pipe gets one plain line per step. */
  readonly isTTY: boolean;
  readonly columns: number;
}

const ERASE_LINE = '\r\u001b[2K';

/** Shows a run to a person: one line that lives while something is under way, and one that stays per event. */
export class ConsoleTracker implements Tracker {
  readonly id = 'console';
  private readonly rewards: number[] = [];
  private readonly colors: Colors;
  private live = '';

  constructor(private readonly terminal: Terminal) {
    this.colors = colorsFor(terminal.isTTY);
  }

  readonly onEvent = (event: RunEvent): void => {
    const pc = this.colors;
    switch (event.type) {
      case 'run-started':
        this.line(
          pc.bold(`run ${event.directory}`) +
            pc.dim(`  seed ${String(event.seed)}`) +
            (event.resumedFrom > 0 ? `  resumed after step ${String(event.resumedFrom)}` : ''),
        );
        break;
      case 'phase':
        this.line(pc.cyan(event.phase));
        break;
      case 'sampling':
        this.update(
          `step ${String(event.step)}  sampling ${String(event.finished)}/${String(event.total)} completions, ${String(event.tokens)} tokens`,
        );
        break;
      case 'evaluation-progress':
        this.update(`${event.name}  ${String(event.finished)}/${String(event.total)} completions`);
        break;
      case 'evaluation':
        this.line(pc.bold(evaluationLine(event.name, event.summary)));
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
        this.line(pc.dim(`run ${event.status}`));
        break;
      case 'checkpoint':
        break;
    }
  };

  readonly close = (): void => {
    if (this.live !== '') this.terminal.write(`${ERASE_LINE}`);
    this.live = '';
  };

  private step(metrics: Extract<RunEvent, { type: 'step' }>['metrics']): void {
    if (metrics.reward !== null) this.rewards.push(metrics.reward);
    if (!this.terminal.isTTY) {
      this.line(stepLine(metrics));
      return;
    }
    if (metrics.step === 1 || metrics.step % 10 === 0 || metrics.step === metrics.totalSteps)
      this.line(stepLine(metrics));
    else this.update(stepLine(metrics));
  }

  /** Text that stays. */
  private line(text: string): void {
    this.terminal.write(this.terminal.isTTY ? `${ERASE_LINE}${text}\n` : `${text}\n`);
    if (this.terminal.isTTY && this.live !== '') this.terminal.write(this.live);
  }

  /** Text that the next one replaces; nothing of it goes to files and pipes. */
  private update(text: string): void {
    if (!this.terminal.isTTY) return;
    const tail = this.rewards.length > 1 ? `  ${sparkline(this.rewards, 24)}` : '';
    this.live = (text + tail).slice(0, Math.max(20, this.terminal.columns - 1));
    this.terminal.write(ERASE_LINE + this.live);
  }
}
