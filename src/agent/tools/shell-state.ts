/** What carries over from one shell to the next. */
export interface ShellState {
  readonly directory: string;
  /** Exported variables, the sandbox's own included. */
  readonly variables: Readonly<Record<string, string>>;
  /** Every name seen so far; one that is no longer in {@link variables} was unset. */
  readonly seenNames: readonly string[];
}

/** A state file above this many bytes is not carried over. */
export const stateCapBytes = 100_000;

/** What follows this in a process's command line is the agent's own command. */
export const shellScriptMark = "# tool shell bash ";

const notCarried = new Set(["_", "SHLVL", "PWD"]);
const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The script around a command, which comes as `$1`. It takes the state from stdin (see {@link toShellInput}), and as
 * the shell ends writes `<directory>\0<env -0>call=<call>` to `<stateDirectory>/shell-state`. One line, so that line
 * numbers in error messages are the command's. The EXIT trap saves the state, and so does the line after the command
 * in case that set an EXIT trap of its own; either way the exit code is the command's.
 *
 * Variables come in here and not with `exec`, so that a broken `PATH`, `LD_LIBRARY_PATH` or `BASH_ENV` of the
 * agent's cannot keep this shell, or a program of the harness, from starting.
 */
export function shellScript(options: { readonly stateDirectory: string; readonly call: number }): string {
  const { stateDirectory, call } = options;
  const save = [
    "local status=$?",
    "unset -f __tool_save",
    "set +exu",
    `[ -d ${stateDirectory} ] || command -p mkdir -p ${stateDirectory}`,
    `{ printf "%s\\0" "$(pwd)"; command -p env -0; printf "call=${call}"; } >|${stateDirectory}/shell-state`,
    "return $status",
  ];
  const each = 'case $REPLY in *=*) export -- "$REPLY" ;; *) unset -v "$REPLY" ;; esac';
  return [
    `__tool_save() { ${save.join("; ")}; }`,
    'IFS= read -r -d ""',
    'cd -- "$REPLY" 2>/dev/null || printf "bash: %s is gone; now in %s\\n" "$REPLY" "$PWD" >&2',
    `{ while IFS= read -r -d ""; do ${each}; done; } 2>/dev/null`,
    "unset -v REPLY",
    "exec </dev/null",
    "trap '{ declare -F __tool_save >/dev/null && __tool_save; } 2>/dev/null' EXIT",
    'eval "$1"',
    "{ __tool_save; } 2>/dev/null # tool shell",
  ].join("; ");
}

/** State for the script's stdin: the directory, then `name=value` to export or `name` to unset, each closed by NUL. */
export function toShellInput(state: ShellState): string {
  const unset = state.seenNames.filter((name) => !Object.hasOwn(state.variables, name));
  const set = Object.entries(state.variables).map(([name, value]) => `${name}=${value}`);
  return [state.directory, ...unset, ...set].map((part) => `${part}\0`).join("");
}

/** Reads a state file; null when it is not the whole file of this very call. */
export function parseShellState(content: Uint8Array, call: number, before: ShellState): ShellState | null {
  const [directory, ...pairs] = new TextDecoder().decode(content).split("\0");
  if (directory === undefined || pairs.pop() !== `call=${call}`) return null;
  const variables = Object.fromEntries(
    pairs
      .map((pair): [string, string] => {
        const equals = pair.indexOf("=");
        return [pair.slice(0, equals), pair.slice(equals + 1)];
      })
      .filter(([name]) => plainName.test(name) && !notCarried.has(name)),
  );
  return { directory, variables, seenNames: [...new Set([...before.seenNames, ...Object.keys(variables)])] };
}
