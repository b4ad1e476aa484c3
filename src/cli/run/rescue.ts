// `iopftop rescue --pid PID`: shows what is known, what it does and what it risks, asks, does it, and reports the result.

import { constants } from 'node:os';
import type { EngineClient } from '../../engine/thread/client.ts';
import { heeded } from '../../inherited.ts';
import { Exit } from '../../protocol/exit.ts';
import type { OwnerRow, RescueReport } from '../../protocol/messages.ts';
import { PROTOCOL } from '../../protocol/messages.ts';
import { neutral } from '../../text/neutral.ts';
import { oneLine, stderrLine } from '../../text/one-line.ts';
import { Refusal, withHint } from '../../text/refusal.ts';
import { VERSION } from '../../version.ts';
import { complain } from '../complain.ts';
import type { Call, Given } from '../given.ts';
import { typed } from '../rescue/ask.ts';
import { EngineRun } from '../rescue/engine-run.ts';
import { NobodyToAsk, optionsFor, planOf, type RescuePlan } from '../rescue/plan.ts';
import { answeredIn, planText, reportText } from '../rescue/text.ts';
import type { Print } from './given.ts';

/** How long a dry run watches: a queue that is readable at every look is not being read. */
const LOOK_MS = 1_200;
const WIDTH_OF_PIPE = 100;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Failure = { message: string; hint: string | null };

/** Reported, with exit code 1. */
class Broken extends Refusal {
  constructor(message: string, hint: string | null = null) {
    super('refused', message, hint);
  }
}

export async function run(call: Call, print: Print): Promise<number> {
  const asks = Boolean(process.stdin.isTTY && process.stderr.isTTY);
  try {
    const plan = planOf(call, asks);
    return await started(plan, call.given, (client) => new Rescue(plan, print, client).run());
  } catch (error) {
    if (!(error instanceof NobodyToAsk)) throw error;
    // Finds what would fail even with --yes, such as no such process, before asking. This look changes nothing.
    const look = planOf({ ...call, given: { ...call.given, 'dry-run': true } }, asks);
    const looked = await started(look, {}, async (client) => {
      await new EngineRun(client, warn, () => {}).end();
      return Exit.DONE;
    });
    if (looked !== Exit.DONE) return looked;
    throw error;
  }
}

/** Runs with the engine on the process. What it refuses at the start is reported. */
async function started(plan: RescuePlan, given: Given, go: (client: EngineClient) => Promise<number>): Promise<number> {
  const { StartError, startEngine } = await import('../../engine/thread/start.ts');
  try {
    return await go(await startEngine(optionsFor(plan, given), VERSION));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    complain(error.said(), plan.json);
    return Exit.ERROR;
  }
}

const warn = (text: string): void => void process.stderr.write(stderrLine(text));

class Rescue {
  readonly #plan: RescuePlan;
  readonly #print: Print;
  readonly #engine: EngineRun;
  readonly #broken = new AbortController();
  #signal: (typeof SIGNALS)[number] | null = null;
  #owner: OwnerRow | null = null;
  #report: RescueReport | null = null;

  constructor(plan: RescuePlan, print: Print, client: ConstructorParameters<typeof EngineRun>[0]) {
    this.#plan = plan;
    this.#print = print;
    this.#engine = new EngineRun(client, warn, (error) => warn(withHint(error)));
  }

  async run(): Promise<number> {
    const listeners = heeded(SIGNALS).map((signal) => [signal, () => this.#onSignal(signal)] as const);
    for (const [signal, listener] of listeners) process.on(signal, listener);
    let failure: Failure | null = null;
    try {
      await this.#go();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      failure = { message: error.message, hint: error.hint };
    } finally {
      await this.#engine.end();
      for (const [signal, listener] of listeners) process.off(signal, listener);
    }
    return this.#tell(failure);
  }

  /** At any moment: the owner is resumed and has its queues back. */
  #onSignal(signal: (typeof SIGNALS)[number]): void {
    if (this.#signal !== null) return;
    this.#signal = signal;
    this.#broken.abort();
    void this.#engine.end(signal);
  }

  async #go(): Promise<void> {
    const first = await this.#engine.first();
    this.#owner = first.type === 'snapshot' ? first.owner : null;
    if (this.#plan.dryRun) await this.#look();
    if (!this.#owner) throw this.#ended();
    if (!this.#plan.json) await this.#print(planText(this.#plan, this.#owner, this.#width()));
    if (this.#plan.dryRun) return;
    if (!this.#plan.yes) await this.#ask(this.#owner);
    const { stop, resume, code, scan } = this.#plan;
    const more = { ...(scan === null ? {} : { scan }), ...(code === 'success' ? { unseenSuccess: true } : {}) };
    const answer = await this.#engine.ask({ cmd: 'rescue', stop, resume, code, ...more });
    if (answer.type === 'error') throw new Broken(answer.message, answer.hint);
    if (answer.type !== 'done' || !answer.rescue) throw this.#ended();
    this.#report = answer.rescue;
  }

  async #look(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.#broken.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    const now = await this.#engine.ask({ cmd: 'snapshot' });
    if (now.type === 'snapshot') this.#owner = now.owner;
  }

  async #ask({ pid, comm }: OwnerRow): Promise<void> {
    const terminal = { input: process.stdin, output: process.stderr };
    if (this.#plan.json) process.stderr.write(neutral(planText(this.#plan, this.#owner as OwnerRow, this.#width())));
    const words = [{ word: String(pid), question: `\nType ${pid} to rescue the devices of ${oneLine(comm)}: ` }];
    if (this.#plan.code === 'success' && this.#plan.unseenSuccess === null) {
      words.push({
        word: 'success',
        question: 'SUCCESS would also go to groups that iopftop never saw. Type success: ',
      });
    }
    for (const { word, question } of words) {
      if (await typed(question, word, terminal, this.#broken.signal)) continue;
      throw new Broken('nothing was done');
    }
  }

  #ended(): Broken {
    const pid = this.#plan.pid;
    if (this.#engine.summary?.reason !== 'owner-ended') return new Broken('interrupted');
    return new Broken(`PID ${pid} has ended: the kernel answers INVALID to everything outstanding`);
  }

  #width(): number {
    return process.stdout.columns ?? WIDTH_OF_PIPE;
  }

  async #tell(failure: Failure | null): Promise<number> {
    const { dryRun, json, pid, stop, resume, code } = this.#plan;
    if (failure) warn(withHint(failure));
    const report = this.#report;
    const value = {
      type: 'rescue',
      protocol: PROTOCOL,
      pid,
      dryRun,
      stop,
      resume,
      code,
      owner: this.#owner,
      report,
      error: failure,
    };
    const text = json ? `${JSON.stringify(value)}\n` : report ? `\n${reportText(report)}` : '';
    const printed = text === '' ? Exit.DONE : await this.#print(text);
    if (this.#signal) return Exit.SIGNAL + constants.signals[this.#signal];
    if (failure || printed !== Exit.DONE) return Exit.ERROR;
    if (!report) return Exit.DONE;
    if (report.queues.some(({ error }) => error !== null)) return Exit.ERROR;
    return answeredIn(report.queues) === 0 ? Exit.NOTHING : Exit.DONE;
  }
}
