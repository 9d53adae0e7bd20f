import type { BudgetMark } from "./budget.ts";
import { runErrors } from "./errors.ts";
import type { RunEvent } from "./events.ts";
import type { Payload } from "./payload.ts";

/** What an agent may ask for, by the name of the event that records it. */
export type OperationKind =
  | "command"
  | "file-read"
  | "file-written"
  | "solution-installed"
  | "note-added"
  | "model"
  | "score";

/** One operation as the log holds it. */
export interface RecordedOperation {
  readonly kind: OperationKind;
  /** Null for scorings, which have nothing to ask. */
  readonly request: Payload | null;
  /** Null while unfinished. For a score, the index of its entry. */
  readonly answer: OperationAnswer | null;
}

/** What an operation was answered, with the budget right after it. */
export type OperationAnswer =
  | { readonly kind: "result"; readonly result: Payload | null; readonly mark: BudgetMark }
  | { readonly kind: "entry"; readonly entry: number; readonly mark: BudgetMark }
  | { readonly kind: "refused"; readonly mark: BudgetMark }
  | { readonly kind: "interrupted"; readonly mark: BudgetMark };

/**
 * The operations a run has already made, by number. An agent that is run again from its first line asks for them
 * in the same order and is answered from here; what was never answered is done for real.
 */
export class Journal {
  readonly #scoresAreHidden: boolean;
  readonly #operations = new Map<number, RecordedOperation>();
  #startMark: BudgetMark | undefined;

  /** @param scoresAreHidden - A scoring is then answered, without a word on its outcome, when it is asked for. */
  constructor(scoresAreHidden: boolean) {
    this.#scoresAreHidden = scoresAreHidden;
  }

  /** Takes in one event; `mark` is the budget right after it. */
  add(event: RunEvent, mark: BudgetMark): void {
    switch (event.type) {
      case "clock-started":
        this.#startMark = mark;
        break;
      case "command-started":
        this.#begin(event.operation, "command", event.request);
        break;
      case "model-requested":
        this.#begin(event.operation, "model", event.request);
        break;
      case "score-requested":
        if (event.operation === null) break;
        this.#begin(event.operation, "score", null);
        if (this.#scoresAreHidden) this.#finish(event.operation, { kind: "entry", entry: event.entry, mark });
        break;
      case "score-refused":
        this.#begin(event.operation, "score", null);
        this.#finish(event.operation, { kind: "refused", mark });
        break;
      case "command-finished":
      case "model-responded":
        this.#finish(event.operation, { kind: "result", result: event.result, mark });
        break;
      case "score-recorded":
        if (event.operation !== null)
          this.#finish(event.operation, { kind: "entry", entry: event.entry, mark });
        break;
      case "operation-recovered":
        if (event.how === "interrupted") this.#finish(event.operation, { kind: "interrupted", mark });
        break;
      case "file-read":
      case "file-written":
      case "solution-installed":
        this.#begin(event.operation, event.type, event.request);
        this.#finish(event.operation, { kind: "result", result: event.result, mark });
        break;
      case "note-added":
        this.#begin(event.operation, event.type, event.request);
        this.#finish(event.operation, { kind: "result", result: null, mark });
        break;
      default:
        break;
    }
  }

  /**
   * The record of one operation, if there is one.
   *
   * @throws RUN_DIVERGED when the agent now asks for something else than it asked for then.
   */
  find(operation: number, kind: OperationKind, request: Payload | null): RecordedOperation | undefined {
    const recorded = this.#operations.get(operation);
    if (recorded === undefined) return undefined;
    if (recorded.kind !== kind || JSON.stringify(recorded.request) !== JSON.stringify(request)) {
      throw runErrors.RUN_DIVERGED({
        operation,
        recorded: describe(recorded.kind, recorded.request),
        asked: describe(kind, request),
      });
    }
    return recorded;
  }

  /** The budget when the agent began. */
  get startMark(): BudgetMark | undefined {
    return this.#startMark;
  }

  /** Numbers of operations that were begun and never answered. */
  unfinished(): readonly { readonly operation: number; readonly kind: OperationKind }[] {
    return [...this.#operations]
      .filter(([, recorded]) => recorded.answer === null)
      .map(([operation, { kind }]) => ({ operation, kind }));
  }

  #begin(operation: number, kind: OperationKind, request: Payload | null): void {
    this.#operations.set(operation, { kind, request, answer: null });
  }

  #finish(operation: number, answer: OperationAnswer): void {
    const recorded = this.#operations.get(operation);
    if (recorded?.answer === null) this.#operations.set(operation, { ...recorded, answer });
  }
}

function describe(kind: OperationKind, request: Payload | null): string {
  if (request === null) return kind;
  return `${kind} ${"text" in request ? request.text.slice(0, 120) : request.sha256.slice(0, 12)}`;
}
