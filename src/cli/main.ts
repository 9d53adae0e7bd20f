import { Command, CommanderError } from "commander";
import { isRebenchError, type RebenchError } from "../errors/index.ts";
import * as commands from "./commands/index.ts";
import { createContext } from "./context.ts";
import { cliErrors, systemRemedies } from "./errors.ts";

// Whoever reads our output may stop reading (`rebench log last | head`): then there is nobody left to tell.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const context = createContext();
const program = new Command("rebench")
  .description("RE-Bench: how well AI agents do open-ended ML research engineering, next to human experts.")
  .version(context.version)
  .configureOutput({ outputError: () => {} })
  .exitOverride();

for (const register of Object.values(commands)) register(program, context);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
} finally {
  context.terminal.endProgress();
}

/** Tells a person, or a machine that asked for JSON, what went wrong and what to do; gives the exit code. */
function report(thrown: unknown): number {
  if (thrown instanceof CommanderError && isHelp(thrown)) return thrown.exitCode === 0 ? 0 : 2;
  if (context.signal.aborted && !isRebenchError(thrown)) return 130;
  const error = toRebenchError(thrown);
  if (error === null) {
    context.terminal.say(
      `error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
    );
    context.terminal.say("this is a defect of rebench: please report it with the lines above");
    return 4;
  }
  const { code, message, remedy, fault, exitCode } = error;
  if (process.argv.includes("--json"))
    context.terminal.printJson({ error: { code, message, remedy, fault } });
  context.terminal.say(`error ${code}: ${message}`);
  context.terminal.say(`  ${remedy}`);
  return exitCode;
}

/** Help and version are printed by the parser itself, which then throws to end the program. */
function isHelp({ code }: CommanderError): boolean {
  return ["commander.help", "commander.helpDisplayed", "commander.version"].includes(code);
}

/** Null for what is nobody's fault but ours. */
function toRebenchError(thrown: unknown): RebenchError | null {
  if (isRebenchError(thrown)) return thrown;
  if (thrown instanceof CommanderError) {
    const problem = thrown.message.replace(/^error: /, "").replaceAll("\n", " ");
    const command = program.commands.find((known) => process.argv.includes(known.name()))?.name() ?? null;
    return cliErrors.USAGE_WRONG({ problem, command }, thrown);
  }
  if (!(thrown instanceof Error && "code" in thrown && "syscall" in thrown)) return null;
  const code = String(thrown.code);
  return code in systemRemedies ? cliErrors.SYSTEM_REFUSED({ code, detail: thrown.message }, thrown) : null;
}
