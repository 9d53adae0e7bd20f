/** A command line that runs a program in a folder, with these variables and no others. */
export function startClean(
  argv: readonly [string, ...string[]],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): string[] {
  return [
    ...["env", "-i", `--chdir=${cwd}`],
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    // `env` would take a first word with an equals sign for a variable.
    ...(argv[0].includes("=") ? ["sh", "-c", 'exec "$@"', "sh"] : []),
    ...argv,
  ];
}
