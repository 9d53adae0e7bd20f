import type {
  FixedScript,
  Script,
  ScriptedFault,
  ScriptedRequest,
  ScriptedTurn,
  ScriptStep,
} from "./script.ts";

/** What a request gets: an answer or a fault. */
export type PlayedStep =
  | { readonly kind: "turn"; readonly turn: ScriptedTurn }
  | { readonly kind: "fault"; readonly fault: ScriptedFault };

/** Chooses the step for each request that arrives. */
export type ScriptPlayer = (request: ScriptedRequest) => Promise<PlayedStep>;

/** A player at the beginning of its script. Holds no request. */
export function createScriptPlayer(script: Script): ScriptPlayer {
  if (typeof script === "function") return async (request) => toPlayedStep(await script(request));
  const scenes = toScenes(script.steps);
  const faultsPlayed = scenes.map(() => 0);
  let turnsPlayed = 0;

  return async (request) => {
    const position = script.select === "in-order" ? turnsPlayed : countAssistantMessages(request);
    const index = sceneAt(script, scenes.length, position);
    const scene = index === null ? undefined : scenes[index];
    if (index === null || scene === undefined) return pastTheEnd;
    const played = faultsPlayed[index] ?? 0;
    const fault = scene.faults[played];
    if (fault !== undefined) {
      faultsPlayed[index] = played + 1;
      return { kind: "fault", fault };
    }
    if (scene.turn === null) return pastTheEnd;
    turnsPlayed += 1;
    return { kind: "turn", turn: scene.turn };
  };
}

/** A turn with the faults that come before it; the faults at the end of a script have no turn. */
interface Scene {
  readonly faults: readonly ScriptedFault[];
  readonly turn: ScriptedTurn | null;
}

const pastTheEnd: PlayedStep = { kind: "fault", fault: { fault: "rejected", status: 410 } };

function toScenes(steps: readonly ScriptStep[]): Scene[] {
  const scenes: Scene[] = [];
  let faults: ScriptedFault[] = [];
  for (const step of steps) {
    const played = toPlayedStep(step);
    if (played.kind === "fault") {
      faults.push(played.fault);
    } else {
      scenes.push({ faults, turn: played.turn });
      faults = [];
    }
  }
  return faults.length > 0 ? [...scenes, { faults, turn: null }] : scenes;
}

function sceneAt(script: FixedScript, count: number, position: number): number | null {
  if (position < count) return position;
  switch (script.atEnd ?? "reject") {
    case "reject":
      return null;
    case "repeat-last":
      return count - 1;
    case "start-over":
      return position % count;
  }
}

function countAssistantMessages(request: ScriptedRequest): number {
  return request.messages.filter((message) => message.role === "assistant").length;
}

function toPlayedStep(step: ScriptStep): PlayedStep {
  if (!("fault" in step)) return { kind: "turn", turn: step };
  if (step.fault !== "wrong-tool-call") return { kind: "fault", fault: step };
  const call =
    step.wrong === "unknown-tool"
      ? { name: "no_such_tool", arguments: { value: 1 } }
      : { name: step.tool ?? "bash", arguments: '{"command": "true' };
  return {
    kind: "turn",
    turn: { toolCalls: [call], ...(step.delayMs === undefined ? {} : { delayMs: step.delayMs }) },
  };
}
