/** The program of every shell; what follows it in a process's command line is the agent's own command. */
export const shellProgram = 'IFS= read -r -d ""; eval "$REPLY"';

/**
 * What {@link shellProgram} reads from stdin: a script around the command, which comes as `$1`. It takes over
 * directory and exported variables from the state file, and writes them there as the shell ends: by the EXIT trap,
 * and after the command in case that set an EXIT trap of its own. Either way the exit code is the command's, and a
 * shell that is killed or replaced by `exec` leaves the file as it was.
 *
 * It is one line, so that line numbers in error messages are the command's, and runs no program, so that no `PATH`,
 * `LD_PRELOAD`, `BASH_ENV` or oversized variable of the agent's breaks the shells to come.
 *
 * @param options.stateFile - `<directory>`, `<name>=<value>` for each exported variable, and `end`, each closed by NUL.
 * @param options.isFirst - Whether a missing file is to be expected; later it means that the sandbox is a new one.
 */
export function shellScript(options: { readonly stateFile: string; readonly isFirst: boolean }): string {
  const { stateFile, isFirst } = options;
  const folder = stateFile.slice(0, stateFile.lastIndexOf("/"));
  const exported = 'mapfile -t __tool_names <<<"$(compgen -e)"';
  const write = [
    'printf "%s\\0" "$(pwd)"',
    exported,
    `for name in "\${__tool_names[@]}"; do case $name in _|PWD|SHLVL) ;; *) printf "%s=%s\\0" "$name" "\${!name}" ;; esac; done`,
    'printf "end\\0"',
  ];
  const save = [
    "local status=$? name",
    "unset -f __tool_save",
    "set +exu",
    `{ ${write.join("; ")}; } >|${stateFile}`,
    "return $status",
  ];
  const lost = `printf "note: this machine was restarted: the directory is %s again, and exported variables, processes and files outside the workspace are gone\\n" "$PWD" >&2`;
  const restore = [
    exported,
    `unset -v "\${__tool_names[@]}"`,
    `for REPLY in "\${__tool_state[@]:1:\${#__tool_state[@]}-2}"; do export -- "$REPLY"; done`,
    "export PWD SHLVL",
  ];
  return [
    `__tool_save() { ${save.join("; ")}; }`,
    `if [ -s ${stateFile} ]; then mapfile -d "" -t __tool_state <${stateFile}`,
    `if [ "\${__tool_state[-1]}" = end ]; then { ${restore.join("; ")}; } 2>/dev/null`,
    `cd -- "\${__tool_state[0]}" 2>/dev/null || printf "bash: %s is gone; now in %s\\n" "\${__tool_state[0]}" "$PWD" >&2`,
    `else ${lost}; fi`,
    `elif [ ! -e ${stateFile} ]; then [ -d ${folder} ] || command -p mkdir -p ${folder}; : >${stateFile}; ${isFirst ? ":" : lost}; fi`,
    "unset -v REPLY __tool_names __tool_state",
    "exec </dev/null",
    "trap '{ declare -F __tool_save >/dev/null && __tool_save; } 2>/dev/null' EXIT",
    'eval "$1"',
    "{ __tool_save; } 2>/dev/null",
  ].join("; ");
}
