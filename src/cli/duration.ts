import { InvalidArgumentError } from "commander";

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of `90s`, `2m`, `1h30m`, `8h`.
 *
 * @throws InvalidArgumentError, to which the command line adds the option's name
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smh])/g)];
  const total = parts.reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (unitMs[unit] ?? 0), 0);
  if (parts.map(([part]) => part).join("") !== text || total <= 0)
    throw new InvalidArgumentError("Write hours, minutes and seconds like 90s, 2m, 1h30m or 8h.");
  return total;
}
