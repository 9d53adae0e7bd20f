import { z } from "zod";
import type { AgentContext } from "../../run/index.ts";
import type { ProcessInfo } from "../../sandbox/index.ts";
import type { CommandTimeout } from "./command-timeout.ts";
import { endText, interruptedText, joinSections, section, stillRunningText } from "./exec-text.ts";
import { isInterpreter } from "./python.ts";
import {
  parseShellState,
  type ShellState,
  shellScript,
  shellScriptMark,
  stateCapBytes,
  toShellInput,
} from "./shell-state.ts";
import { defineTool, type Tool } from "./tool.ts";
import { toolDirectory } from "./tool-directory.ts";

/** Longer commands than this go through a file: the kernel takes no single argument over 128 KiB. */
const argumentCapBytes = 100_000;

/**
 * `bash(command)`: a fresh shell for each call; working directory and exported variables carry over. The shell
 * writes both to a file as it ends, which is read back here, so they outlive the sandbox and cannot be mistaken for
 * output. A call that is killed, or that replaces its shell with `exec`, leaves them as they were.
 */
export function createBashTool(context: AgentContext, timeout: CommandTimeout): Tool {
  const directory = toolDirectory(context.task.workspace);
  let state: ShellState = { directory: context.task.workspace, variables: {}, seenNames: [] };
  let calls = 0;

  async function run(command: string): Promise<string> {
    calls += 1;
    let given = command;
    if (Buffer.byteLength(command) > argumentCapBytes) {
      const path = `${directory}/command-${calls}.sh`;
      const written = await context.writeFile(path, command);
      if (written.status === "failed")
        return `Error: the command could not be written to ${path}: ${written.reason}`;
      given = `. ${path}`;
    }
    const script = shellScript({ stateDirectory: directory, call: calls });
    const result = await context.exec(["bash", "-c", script, "bash", given], {
      timeoutMs: timeout.seconds * 1000,
      stdin: toShellInput(state),
    });
    if (result.status === "interrupted") return interruptedText;
    let remark = "";
    if (result.status === "exited") {
      const file = await context.readFile(`${directory}/shell-state`, { maxBytes: stateCapBytes });
      if (file.status === "read" && file.totalBytes > stateCapBytes) {
        remark =
          "note: the exported variables are too large to carry over; directory and variables are as before this call";
      } else if (file.status === "read") {
        state = parseShellState(file.content, calls, state) ?? state;
      }
    }
    return joinSections([
      endText(result, timeout.seconds),
      section("stdout", result.stdout.text),
      section("stderr", result.stderr.text),
      remark,
      stillRunningText(agentProcesses(result.stillRunning)),
    ]);
  }

  return defineTool({
    name: "bash",
    description:
      "Runs a command in a fresh bash and returns its exit code, stdout and stderr. The working directory and" +
      " exported variables carry over to the next call; there is no terminal and no input. A call that takes longer" +
      " than the timeout is killed with everything it started; processes put in the background by a call that ends" +
      " in time keep running.",
    parameters: z.strictObject({
      command: z.string().min(1).describe("what bash is to run; may have many lines"),
    }),
    run: ({ command }) => run(command),
  });
}

/** Without the tools' own interpreter, and with a subshell shown as the command it belongs to. */
function agentProcesses(processes: readonly ProcessInfo[]): readonly ProcessInfo[] {
  return processes
    .filter((process) => !isInterpreter(process))
    .map(({ pid, command }) => {
      const mark = command.indexOf(shellScriptMark);
      return { pid, command: mark < 0 ? command : `bash -c ${command.slice(mark + shellScriptMark.length)}` };
    });
}
