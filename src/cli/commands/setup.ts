import type { Command } from "commander";
import { type SetupOptions, setupBrowser, setupDevelopmentTools, setupMachine } from "../../machine/index.ts";
import { buildImage, defaultImage, findEngine } from "../../sandbox/index.ts";
import type { CliContext } from "../context.ts";
import { toBar } from "../terminal.ts";

/** Adds the command `setup`. */
export function registerSetup(program: Command, context: CliContext): void {
  program
    .command("setup")
    .description("make what this machine lacks: Python environment, bubblewrap, compilers")
    .option("--with-container", "a container engine too (podman), and the image of `--driver container`")
    .option(
      "--development",
      "what the project's own tests need too (pytest, ruff, a container engine, a browser)",
    )
    .option("--python <path>", "interpreter to build on")
    .action(async (options: { withContainer?: boolean; development?: boolean; python?: string }) => {
      await setUp(context, options);
    });
}

/** Shared with the first run. */
export async function setUp(
  context: CliContext,
  options: {
    readonly withContainer?: boolean;
    readonly development?: boolean;
    readonly python?: string;
  } = {},
): Promise<void> {
  const { terminal, cacheDirectory, env, signal } = context;
  const report = {
    cacheDirectory,
    env,
    signal,
    onProgress: (news: { readonly step: string; readonly detail: string; readonly fraction?: number }) =>
      terminal.progress(
        `set-up: ${news.step}`,
        news.fraction === undefined ? news.detail : `${toBar(news.fraction)} ${news.detail}`,
      ),
  };
  const { system, rust, toolchain } = await setupMachine({
    ...report,
    withContainer: options.withContainer === true || options.development === true,
    python: options.python,
  });
  if (options.development === true) await setUpDevelopment(context, report);
  if (options.withContainer === true) {
    terminal.progress("set-up: building the sandbox image", defaultImage);
    await buildImage(await findEngine(env), defaultImage);
  }
  terminal.endProgress();
  if (system.status === "not-permitted" || system.status === "failed") {
    terminal.say(`set-up may not install ${system.parts.join(", ")} here; type this, then run it again:`);
    terminal.say(`  ${system.command}`);
    process.exitCode = 3;
  }
  if (rust.status === "not-permitted" || rust.status === "failed") {
    terminal.say(
      "set-up may not install the Rust compiler here, which only rust-codecontests needs; for it type",
    );
    terminal.say(`  ${rust.command}`);
  }
  const { python, torch } = toolchain.versions;
  terminal.say(`set up: Python ${python}, torch ${torch}. See what else there is with \`rebench doctor\`.`);
}

async function setUpDevelopment({ terminal }: CliContext, report: SetupOptions): Promise<void> {
  await setupDevelopmentTools(report);
  const browser = await setupBrowser(report);
  if (browser.status === "present" || browser.status === "installed") return;
  terminal.say("no browser could be installed, so the tests of pages leave themselves out; for them type");
  terminal.say(`  ${browser.command}`);
}
