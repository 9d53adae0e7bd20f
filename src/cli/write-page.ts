import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NextCommand } from "../analysis/index.ts";
import { reasonOf } from "../errors/index.ts";
import { describeMachine } from "../machine/index.ts";
import type { RunSummary } from "../run/index.ts";
import type { CliContext } from "./context.ts";
import { cliErrors } from "./errors.ts";

/** Writes the page of some runs and gives its absolute path. @throws PAGE_UNWRITABLE */
export async function writeRunPage(
  context: CliContext,
  input: {
    readonly file: string;
    readonly title: string;
    readonly runs: readonly RunSummary[];
    readonly next: readonly NextCommand[];
  },
): Promise<string> {
  // Drawing needs a large library, which no other command should wait for.
  const { renderRunPage, toMachineFacts } = await import("../analysis/index.ts");
  const page = await renderRunPage({
    title: input.title,
    madeAt: new Date(context.now()).toISOString(),
    runs: input.runs,
    machine: toMachineFacts(await describeMachine(context.env)),
    next: input.next,
  });
  const path = resolve(input.file);
  try {
    writeFileSync(path, page);
  } catch (cause) {
    const detail = reasonOf(cause);
    throw cliErrors.PAGE_UNWRITABLE({ path, detail }, cause);
  }
  return path;
}
