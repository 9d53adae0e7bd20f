import { createHash } from "node:crypto";
import type { SeededRandom } from "./agent-contract.ts";

/**
 * Chance that repeats: the generator sfc32 started from the hash of a seed.
 *
 * @see Chris Doty-Humphrey, PractRand, small fast counting generator (sfc).
 */
export function createSeededRandom(seed: string): SeededRandom {
  const digest = createHash("sha256").update(seed).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = 1;
  const nextUint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp += 1) nextUint32();
  const next = (): number => nextUint32() / 2 ** 32;
  return { next, integer: (bound) => Math.floor(next() * bound) };
}
