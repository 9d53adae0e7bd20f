import { readdirSync, readFileSync } from "node:fs";

/** O_CLOEXEC on Linux. */
const closeOnExec = 0o2000000;

/**
 * Descriptors this process was itself started with and that every program it starts would inherit: a lock file of
 * the shell, a socket of the supervisor. They must not reach a sandbox.
 */
export function inheritedDescriptors(): number[] {
  return readdirSync("/proc/self/fdinfo").flatMap((name) => {
    const descriptor = Number(name);
    if (descriptor <= 2) return [];
    try {
      const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, "utf8"))?.[1];
      return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0 ? [descriptor] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Wraps a command in a shell that first runs some lines and closes the descriptors; the command itself when there
 * is nothing to do. Only bash can close a descriptor above 9.
 */
export function afterLines(
  lines: readonly string[],
  close: readonly number[],
  argv: readonly string[],
): string[] {
  if (lines.length === 0 && close.length === 0) return [...argv];
  const closing =
    close.length === 0 ? [] : [`exec ${close.map((descriptor) => `${descriptor}>&-`).join(" ")}`];
  const isBash = close.some((descriptor) => descriptor > 9);
  const shell = isBash ? "bash" : "sh";
  return [
    shell,
    ...(isBash ? ["--norc", "--noprofile"] : []),
    "-c",
    [...lines, ...closing, 'exec "$@"'].join(" && "),
    shell,
    ...argv,
  ];
}
