import { spawnSync } from "node:child_process";

/** One command of a script, with the name people see. */
export interface Step {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs steps in order and stops at the first that fails, with its exit code. */
export function runSteps(steps: readonly Step[]): void {
  for (const { name, argv, environment } of steps) {
    process.stdout.write(`\n── ${name}\n`);
    const [program, ...rest] = argv;
    const { status, error } = spawnSync(program, rest, {
      stdio: "inherit",
      env: { ...process.env, ...environment },
    });
    if (error !== undefined) throw error;
    if (status !== 0) {
      process.stdout.write(`${name} failed\n`);
      process.exit(status ?? 1);
    }
  }
}
