import type { Constant } from "./find-constants.ts";

/** Other ways to write one number, most promising first; none equals the number as it stands, none repeats. */
export function perturbations(constant: Pick<Constant, "kind" | "value">): readonly string[] {
  const literals = constant.kind === "integer" ? integers(constant.value) : floats(constant.value);
  return [...new Set(literals)];
}

/** Small integers move by one and by two times, powers of two stay powers of two, others also move by half. */
function integers(value: number): readonly string[] {
  const size = Math.abs(value);
  const isPowerOfTwo = size >= 8 && Number.isInteger(Math.log2(size));
  const factors = isPowerOfTwo ? [2, 1 / 2, 4, 1 / 4, 8, 1 / 8] : [2, 1 / 2, 1.5, 1 / 1.5, 4, 1 / 4];
  const steps = size <= 16 ? [value + 1, value - 1] : [];
  return [
    ...factors.slice(0, 2).map((factor) => value * factor),
    ...steps,
    ...factors.slice(2).map((factor) => value * factor),
  ]
    .map((next) => Math.round(next))
    .filter((next) => next !== value && Number.isSafeInteger(next) && (next >= 0 || value < 0))
    .map(String);
}

/** Multiplies; a share such as 0.9 also moves by its distance from 1; zero, which no factor moves, gets small values. */
function floats(value: number): readonly string[] {
  if (value === 0) return ["0.1", "0.01", "0.001"];
  const factors = [2, 1 / 2, 1.5, 1 / 1.5, 4, 1 / 4].map((factor) => value * factor);
  const isShare = value >= 0.5 && value < 1;
  const shares = isShare ? [1 - (1 - value) / 2, 1 - (1 - value) * 2] : [];
  return [...shares, ...factors.filter((next) => !isShare || next <= 1)]
    .map((next) => Number(next.toPrecision(6)))
    .filter((next) => next !== value && Number.isFinite(next))
    .map(toFloatLiteral);
}

/** With a decimal point always, which YAML and C need to read it as a float. */
function toFloatLiteral(value: number): string {
  const [mantissa = "", exponent] = String(value).split("e");
  const pointed = mantissa.includes(".") ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? pointed : `${pointed}e${exponent}`;
}
