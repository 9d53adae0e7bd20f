import { readFileSync } from "node:fs";
import { z } from "zod";
import type { AgentContext } from "../../run/index.ts";
import type { ExecResult, ProcessInfo } from "../../sandbox/index.ts";
import type { CommandTimeout } from "./command-timeout.ts";
import { endText, interruptedText, joinSections } from "./exec-text.ts";
import { defineTool, type Tool } from "./tool.ts";
import { toolDirectory } from "./tool-directory.ts";

const programName = "python-session.py";

/** Exit codes of `python-session.py call`. */
const ended = { returned: 0, raised: 3, interrupted: 124, killed: 125, died: 126 } as const;
/** The interpreter is not there, its program is not (a new sandbox), or Python is not. */
const unreachable: readonly number[] = [97, 2, 127];

/** Wall time beyond the agent's timeout in which a cell is interrupted, and then the interpreter killed. */
const graceMs = 10_000;
const startTimeoutMs = 60_000;

/**
 * `python(code)`: one interpreter for the whole run, started at the first call and again whenever it is gone (killed,
 * crashed, or lost with the sandbox on a resume), which the answer then says. A cell that takes too long gets SIGINT;
 * if it does not stop within 5 s the interpreter is killed.
 */
export function createPythonTool(context: AgentContext, timeout: CommandTimeout): Tool {
  const directory = toolDirectory(context.task.workspace);
  const program = `${directory}/${programName}`;
  let started = false;

  const callInterpreter = (code: string) =>
    context.exec(["python3", "-SE", program, "call", directory, String(timeout.seconds)], {
      timeoutMs: timeout.seconds * 1000 + graceMs,
      stdin: code,
    });

  /** Returns what went wrong, or null. */
  async function startInterpreter(): Promise<string | null> {
    const source = readFileSync(new URL(programName, import.meta.url), "utf8");
    const written = await context.writeFile(program, source);
    if (written.status === "failed") return `its program could not be written: ${written.reason}`;
    const result = await context.exec(["python3", program, "start", directory], {
      timeoutMs: startTimeoutMs,
    });
    if (result.status === "interrupted")
      return "the harness was stopped and resumed meanwhile; call python again";
    if (result.status === "exited" && result.exitCode === 0) return null;
    return joinSections([endText(result, startTimeoutMs / 1000), result.stderr.text]);
  }

  async function run(code: string): Promise<string> {
    let result = started ? await callInterpreter(code) : null;
    let remark = "";
    if (result === null || isUnreachable(result)) {
      const problem = await startInterpreter();
      if (problem !== null) return `Error: the Python interpreter did not start: ${problem}`;
      if (started)
        remark = "note: the interpreter was gone and has been restarted; earlier variables are lost";
      started = true;
      result = await callInterpreter(code);
    }
    if (result.status === "interrupted") return interruptedText;
    return joinSections([
      remark,
      result.stdout.text.replace(/\n$/, "") || "(no output)",
      toEnd(result, timeout.seconds),
    ]);
  }

  return defineTool({
    name: "python",
    description:
      "Runs Python code in an interpreter that lives as long as the run, so variables and imports stay; returns what it" +
      " prints and the value of a last expression, as at a prompt. A call that takes longer than the timeout is" +
      " interrupted.",
    parameters: z.strictObject({ code: z.string().describe("Python source; may have many lines") }),
    run: ({ code }) => run(code),
  });
}

/** Whether a process is the interpreter of this tool, which is no work of the agent's. */
export function isInterpreter(process: ProcessInfo): boolean {
  return process.command.includes(`/${programName} serve `);
}

function isUnreachable(result: { readonly status: string } | ExecResult): boolean {
  return result.status === "exited" && "exitCode" in result && unreachable.includes(result.exitCode);
}

/** What is to be said about how a cell ended; nothing for one that returned or raised, which its output shows. */
function toEnd(result: ExecResult, timeoutSeconds: number): string {
  if (result.status === "timed-out") {
    return `status 124: not finished after ${timeoutSeconds} s, and the interpreter did not react; the next call restarts it`;
  }
  if (result.status !== "exited") return `${endText(result, timeoutSeconds)}; the interpreter may be gone`;
  switch (result.exitCode) {
    case ended.returned:
    case ended.raised:
      return "";
    case ended.interrupted:
      return `status 124: not finished after ${timeoutSeconds} s and interrupted; variables are kept. Use set_timeout, or run long work in the background.`;
    case ended.killed:
      return `status 124: not finished after ${timeoutSeconds} s and deaf to an interrupt, so the interpreter was killed; the next call starts a new one and earlier variables are lost`;
    case ended.died:
      return "the interpreter died during this call (crash, exit, or out of memory); the next call starts a new one and earlier variables are lost";
    default:
      return joinSections([
        `the interpreter could not be reached (${endText(result, timeoutSeconds)})`,
        result.stderr.text,
      ]);
  }
}
