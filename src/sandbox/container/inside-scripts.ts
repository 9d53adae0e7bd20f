/**
 * Starts a command: says its pid on the first line of stdout, which is then the harness's alone, because nothing
 * of the command has run yet; lowers the limits; becomes the command.
 */
export const startScript = 'echo $$; exec "$@"';

/**
 * Prints `<pid> <parent> <state> <command line>` of every process, then the count of kills for lack of memory.
 * Only the shell's own means, so that it costs one process.
 */
export const listScript = `
for folder in /proc/[0-9]*; do
  line=; read -r line 2>/dev/null < "$folder/stat" || continue
  pid=\${line%% *}; rest=\${line##*) }; state=\${rest%% *}; rest=\${rest#* }
  [ "$pid" = $$ ] || [ "$pid" = 1 ] || [ "$state" = Z ] || echo "$pid $state $(tr '\\0\\n' '  ' < "$folder/cmdline" 2>/dev/null)"
done
for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
  while read -r key value; do [ "$key" = oom_kill ] && echo "kills $value"; done 2>/dev/null < $file
done; true`;

/** Kills the process \`$1\` and everything below it; each generation is stopped before the next is looked for. */
export const killScript = `
tree=$1; kill -STOP "$1" 2>/dev/null; more=yes
while [ -n "$more" ]; do
  more=
  for stat in /proc/[0-9]*/stat; do
    line=; read -r line 2>/dev/null < "$stat" || continue
    pid=\${line%% *}; rest=\${line##*) }; rest=\${rest#* }; parent=\${rest%% *}
    case " $tree " in *" $pid "*) continue ;; esac
    case " $tree " in *" $parent "*) kill -STOP "$pid" 2>/dev/null; tree="$tree $pid"; more=yes ;; esac
  done
done
kill -KILL $tree`;
