import { Command, CommanderError } from "commander";
import { isRebenchError } from "../errors/index.ts";
import * as commands from "./commands/index.ts";
import { createContext } from "./context.ts";

// Whoever reads our output may stop reading (`rebench log last | head`): then there is nobody left to tell.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const context = createContext();
const program = new Command("rebench")
  .description("RE-Bench: how well AI agents do open-ended ML research engineering, next to human experts.")
  .version(context.version)
  .showHelpAfterError("(try `rebench --help`)")
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
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (context.signal.aborted && !isRebenchError(error)) return 130;
  if (!isRebenchError(error)) {
    context.terminal.say(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
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
