import { assertNever } from "../errors/index.ts";
import { type RunEvent, type RunRecord, type RunState, toClockText } from "../run/index.ts";
import { bestEntry, toResultText } from "../scoring/index.ts";
import type { CliContext } from "./context.ts";
import { toBar } from "./terminal.ts";

/** Shows a run as it happens: a line that moves, and one line for each scoring. */
export class RunProgress implements Disposable {
  readonly #context: CliContext;
  readonly #record: RunRecord;
  readonly #timer: NodeJS.Timeout;
  #state: RunState | undefined;
  #doing = "starting";
  #since = 0;

  constructor(context: CliContext, record: RunRecord) {
    this.#context = context;
    this.#record = record;
    this.#timer = setInterval(() => this.#draw(), 250).unref();
  }

  onEvent(event: RunEvent, state: RunState): void {
    this.#state = state;
    this.#since = event.at;
    const { terminal } = this.#context;
    const label = `${this.#record.environment.id} · ${this.#record.agent.id}`;
    if (event.type === "score-recorded") {
      const clock = toClockText(state.entries.at(-1)?.clockMs ?? 0);
      terminal.say(`  ${label} · ${clock} · entry ${event.entry}: ${toResultText(event.result)}`);
    }
    if (event.type === "model-attempt-failed") {
      terminal.say(`  ${label} · the provider failed (${event.fault}): attempt ${event.attempt}`);
    }
    this.#doing = toActivity(event) ?? this.#doing;
    this.#draw();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#context.terminal.endProgress();
  }

  #draw(): void {
    const state = this.#state;
    if (state === undefined) return;
    const { budget, environment, agent } = this.#record;
    const running = state.clock.phase === "started" && state.clock.pauses.length === 0;
    const sinceMs = this.#context.now() - this.#since;
    const elapsedMs = state.clock.elapsedMs + (running ? sinceMs : 0);
    const best = bestEntry(state.entries, environment.score.direction);
    const score = best.kind === "none" ? "no score yet" : `best ${best.entry.result.normalized.toFixed(3)}`;
    this.#context.terminal.progress(
      `${environment.id} · ${agent.id}`,
      [
        `${toBar(elapsedMs / budget.timeMs, 16)} ${toClockText(elapsedMs)}/${toClockText(budget.timeMs)}`,
        `${state.entries.length} ${state.entries.length === 1 ? "scoring" : "scorings"}`,
        score,
        `${this.#doing} ${toClockText(sinceMs)}`,
      ].join(" · "),
    );
  }
}

function toActivity(event: RunEvent): string | null {
  switch (event.type) {
    case "run-started":
    case "run-resumed":
      return "opening the sandbox";
    case "sandbox-opened":
      return "making the starting solution";
    case "score-requested":
      return "scoring";
    case "command-started":
      return "running a command";
    case "model-requested":
      return "asking the model";
    case "clock-paused":
      return `clock paused (${event.reason})`;
    case "start-made":
    case "sandbox-lost":
    case "clock-started":
    case "clock-resumed":
    case "command-finished":
    case "file-read":
    case "file-written":
    case "solution-installed":
    case "note-added":
    case "model-responded":
    case "score-recorded":
    case "score-refused":
      return "working";
    case "clock-stopped":
      return "ending";
    case "run-ended":
      return "done";
    case "run-interrupted":
      return "interrupted";
    case "clock-ticked":
    case "clock-credited":
    case "model-attempt-failed":
    case "gateway-exchange":
    case "gateway-closed":
    case "entry-rescored":
    case "operation-recovered":
      return null;
    default:
      return assertNever(event);
  }
}
