import type { AttemptFailure, GenerateHooks, GenerateRequest, GenerateResult } from "../language-model.ts";
import type { PricedLanguageModel } from "../retrying-model.ts";
import type { Admission } from "./admission.ts";

/** Somebody who may lose interest, and somebody who may end everything. */
export interface CallSignals {
  /** The program has gone. */
  readonly gone: AbortSignal;
  /** The gateway does not wait any longer. */
  readonly stop: AbortSignal;
}

/**
 * Marks in the hooks when the first attempt begins: what waits for a budget has not asked anybody yet. To be put
 * around the model beneath its budgets.
 */
export function announceFirstAttempt(model: PricedLanguageModel): PricedLanguageModel {
  return {
    id: model.id,
    price: model.price,
    generate: (request, hooks) => {
      hooks.onAttemptStarted?.(1);
      return model.generate(request, hooks);
    },
  };
}

/**
 * One call of a model. When the program goes, an attempt under way runs to its end, because only its end says what it
 * cost; a call that still waits, for a place, for a budget or for another attempt, ends at once.
 */
export async function askModel(
  model: PricedLanguageModel,
  request: GenerateRequest,
  admission: Admission,
  signals: CallSignals,
): Promise<{ readonly result: GenerateResult; readonly failedAttempts: readonly AttemptFailure[] }> {
  const failedAttempts: AttemptFailure[] = [];
  const cancel = new AbortController();
  let isUnderWay = false;
  const onGone = () => {
    if (!isUnderWay) cancel.abort();
  };
  const onStop = () => cancel.abort();
  if (signals.gone.aborted || signals.stop.aborted)
    return { result: { status: "cancelled" }, failedAttempts };
  signals.gone.addEventListener("abort", onGone);
  signals.stop.addEventListener("abort", onStop);
  const hooks: GenerateHooks = {
    signal: cancel.signal,
    onAttemptFailed: (failure) => {
      failedAttempts.push(failure);
      isUnderWay = false;
      if (signals.gone.aborted) cancel.abort();
    },
    onAttemptStarted: () => {
      isUnderWay = true;
    },
  };
  try {
    const giveBack = await admission.takePlace(cancel.signal);
    if (giveBack === null) return { result: { status: "cancelled" }, failedAttempts };
    try {
      return { result: await model.generate(request, hooks), failedAttempts };
    } finally {
      giveBack();
    }
  } finally {
    signals.gone.removeEventListener("abort", onGone);
    signals.stop.removeEventListener("abort", onStop);
  }
}
