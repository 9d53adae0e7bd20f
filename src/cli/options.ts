import { Argument, InvalidArgumentError, Option } from "commander";

/** Options that several commands share, so that they are called and explained alike. */
export const sharedOptions = {
  json: () => new Option("--json", "print one JSON value for machines"),
  scale: () =>
    new Option("--scale <scale>", "laptop (no GPU, minutes) or paper (H100s, hours)")
      .choices(["laptop", "paper"])
      .default("laptop"),
  runs: () => new Option("--runs <folder>", "folder that holds the runs").env("REBENCH_RUNS").default("runs"),
};

/** Arguments that several commands share. */
export const sharedArguments = {
  environment: () => new Argument("<environment>", "id of an environment: see `rebench list`"),
  run: () => new Argument("<run>", "folder or name of a run, or `last`"),
};

/** Adds `name=value` to what was given before. */
export function collectPair(
  text: string,
  previous: Readonly<Record<string, string>>,
): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("Write name=value.");
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

/** A whole number of at least 1. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError("Give a whole number of at least 1.");
  return count;
}

/** A TCP port; 0 lets the system choose. @throws InvalidArgumentError */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("Give a port from 0 to 65535.");
  return port;
}

/** A number above 0. @throws InvalidArgumentError */
export function parseAmount(text: string): number {
  const amount = Number(text);
  if (!Number.isFinite(amount) || amount <= 0) throw new InvalidArgumentError("Give a number above 0.");
  return amount;
}
