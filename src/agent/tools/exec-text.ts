import { assertNever } from "../../errors/index.ts";
import type { ExecResult, ProcessInfo } from "../../sandbox/index.ts";

/** What the agent is told when the harness was stopped while its command ran. */
export const interruptedText =
  "Interrupted: the harness was stopped and resumed while this ran, so its result is not known. The workspace is as" +
  " the command left it; every background process is gone, and files outside the workspace may be too.";

/** How a command ended, in one line. */
export function endText(result: ExecResult, timeoutSeconds: number): string {
  switch (result.status) {
    case "exited":
      return `exit code: ${result.exitCode}`;
    case "signaled":
      return `exit code: none (ended by ${result.signal})`;
    case "timed-out":
      return (
        `exit code: 124 (not finished after ${timeoutSeconds} s; the command and all it started were killed; what it` +
        " wrote until then follows). Use set_timeout, or run long work in the background."
      );
    case "cancelled":
      return "exit code: none (cancelled: the run is ending)";
    case "limit-exceeded":
      return `exit code: none (killed: over the ${result.limit} limit of this machine)`;
    default:
      return assertNever(result);
  }
}

const processesNamed = 20;
const processChars = 150;

/** Names what still runs, one process a line; empty when nothing does. */
export function stillRunningText(processes: readonly ProcessInfo[]): string {
  if (processes.length === 0) return "";
  const lines = processes.slice(0, processesNamed).map(({ pid, command }) => {
    const text = command.replaceAll(/\s+/g, " ").trim();
    return `  ${pid} ${text.length > processChars ? `${text.slice(0, processChars).toWellFormed()}…` : text}`;
  });
  const more = processes.length - lines.length;
  if (more > 0) lines.push(`  and ${more} more`);
  return `still running in the background:\n${lines.join("\n")}`;
}

/** `name:` and the text below it, closed by a line end; empty for an empty text. */
export function section(name: string, text: string): string {
  return text === "" ? "" : `${name}:\n${text.replace(/\n$/, "")}`;
}

/** Sections one below the other, empty ones left out. */
export function joinSections(sections: readonly string[]): string {
  return sections.filter((part) => part !== "").join("\n");
}
