import type { SeededRandom } from "../../run/index.ts";
import { type Constant, findConstants } from "./find-constants.ts";
import { perturbations } from "./perturb.ts";

/** A constant and what to write in its place. */
export interface Edit {
  readonly constant: Constant;
  readonly literal: string;
}

/** One step of the search: one edit, or two at once. */
export type Move = readonly [Edit, ...Edit[]];

/** Draws of a pair before the pairs count as used up. */
const pairDraws = 100;

/**
 * Proposes moves from where the files stand, none twice from the same place: first every single edit, in a seeded
 * order in which constants that led to invalid results come up less; when these are used up, edits of two constants.
 */
export class MoveSource {
  readonly #random: SeededRandom;
  /** Invalid results by constant. */
  readonly #invalid = new Map<string, number>();
  /** The edit that helped last, to be tried further in the same direction. */
  #lead: Edit | null = null;
  #tried = new Set<string>();

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** @returns The next move, or null when nothing is left to try. */
  next(files: ReadonlyMap<string, string>): Move | null {
    const edits = [...files].flatMap(([path, text]) => findConstants(path, text)).flatMap(toEdits);
    const move = this.#further(edits) ?? this.#single(edits) ?? this.#pair(edits);
    if (move !== null) this.#tried.add(moveKey(move));
    return move;
  }

  /** The files now stand elsewhere: every move is new again. */
  kept(move: Move): void {
    this.#tried = new Set();
    this.#lead = move.length === 1 ? move[0] : null;
  }

  wasInvalid(move: Move): void {
    for (const { constant } of move) {
      const key = constantKey(constant);
      this.#invalid.set(key, (this.#invalid.get(key) ?? 0) + 1);
    }
  }

  /** The same constant again, away from its old value, as far as one edit goes. */
  #further(edits: readonly Edit[]): Move | null {
    const lead = this.#lead;
    this.#lead = null;
    if (lead === null) return null;
    const wasRaised = Number(lead.literal) > lead.constant.value;
    const edit = edits.find(
      ({ constant, literal }) =>
        constantKey(constant) === constantKey(lead.constant) &&
        Number(literal) > constant.value === wasRaised,
    );
    return edit === undefined ? null : [edit];
  }

  #single(edits: readonly Edit[]): Move | null {
    const edit = this.#draw(
      edits.filter((candidate) => !this.#tried.has(moveKey([candidate]))),
      2,
    );
    return edit === null ? null : [edit];
  }

  #pair(edits: readonly Edit[]): Move | null {
    for (let draw = 0; draw < pairDraws; draw += 1) {
      const first = this.#draw(edits, Number.POSITIVE_INFINITY);
      const second = this.#draw(edits, Number.POSITIVE_INFINITY);
      if (first === null || second === null) return null;
      if (constantKey(first.constant) === constantKey(second.constant)) continue;
      const move: Move = [first, second];
      if (!this.#tried.has(moveKey(move))) return move;
    }
    return null;
  }

  /** One edit by chance: each constant weighs 1, and 1/(1 + 2n) after n invalid results, and then one of its first edits. */
  #draw(edits: readonly Edit[], amongFirst: number): Edit | null {
    const byConstant = Map.groupBy(edits, ({ constant }) => constantKey(constant));
    const weights = [...byConstant].map(([key, own]) => ({
      own,
      weight: 1 / (1 + 2 * (this.#invalid.get(key) ?? 0)),
    }));
    let left = this.#random.next() * weights.reduce((sum, { weight }) => sum + weight, 0);
    for (const { own, weight } of weights) {
      left -= weight;
      if (left < 0) return own[this.#random.integer(Math.min(own.length, amongFirst))] ?? null;
    }
    return weights.at(-1)?.own[0] ?? null;
  }
}

/** Two edits of one file are applied from the back, so that offsets stay right. */
export function applyMove(files: ReadonlyMap<string, string>, move: Move): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { constant, literal } of move.toSorted((a, b) => b.constant.start - a.constant.start)) {
    const text = changed.get(constant.path) ?? files.get(constant.path) ?? "";
    changed.set(constant.path, text.slice(0, constant.start) + literal + text.slice(constant.end));
  }
  return changed;
}

/** A move in words, for the transcript. */
export function describeMove(move: Move): string {
  return move.map(({ constant, literal }) => `${constant.name} ${constant.literal} → ${literal}`).join(", ");
}

function toEdits(constant: Constant): readonly Edit[] {
  return perturbations(constant).map((literal) => ({ constant, literal }));
}

function constantKey({ path, name, ordinal }: Constant): string {
  return `${path}\0${name}\0${ordinal}`;
}

function moveKey(move: Move): string {
  return move
    .map(({ constant, literal }) => `${constantKey(constant)}\0${literal}`)
    .toSorted()
    .join("\n");
}
