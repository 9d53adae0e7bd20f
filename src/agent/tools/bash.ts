import { z } from "zod";
import type { AgentContext } from "../../run/index.ts";
import type { ProcessInfo } from "../../sandbox/index.ts";
import type { CommandTimeout } from "./command-timeout.ts";
import { endText, interruptedText, joinSections, section, stillRunningText } from "./exec-text.ts";
import { isInterpreter } from "./python.ts";
import { shellProgram, shellScript } from "./shell-script.ts";
import { defineTool, type Tool } from "./tool.ts";
import { toolDirectory } from "./tool-directory.ts";

/** Longer commands than this go through a file: the kernel takes no single argument over 128 KiB. */
const argumentCapBytes = 100_000;

/**
 * `bash(command)`: a fresh shell for each call; working directory and exported variables carry over in a file that
 * the shells keep inside the sandbox. A call that is killed, or that replaces its shell with `exec`, leaves them as
 * they were; where the file is lost with its sandbox (on a resume), the next call starts afresh and says so.
 */
export function createBashTool(context: AgentContext, timeout: CommandTimeout): Tool {
  const directory = toolDirectory(context.task.workspace);
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
    const result = await context.exec(["bash", "-c", shellProgram, "bash", given], {
      timeoutMs: timeout.seconds * 1000,
      stdin: shellScript({ stateFile: `${directory}/shell-state`, isFirst: calls === 1 }),
    });
    if (result.status === "interrupted") return interruptedText;
    return joinSections([
      endText(result, timeout.seconds),
      section("stdout", result.stdout.text),
      section("stderr", result.stderr.text),
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
    .map(({ pid, command }) => ({ pid, command: command.replace(`${shellProgram} bash `, "") }));
}
