import type { AgentContext } from "../../run/index.ts";

const probe = [
  'echo "CPU cores: $(nproc)"',
  "kib=$(awk '/^MemTotal:/ {print $2}' /proc/meminfo)",
  "max=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null | head -n 1)",
  'case "$max" in "" | max) ;; *) [ $((max / 1024)) -gt "$kib" ] || kib=$((max / 1024)) ;; esac',
  'echo "Memory: $((kib / 1048576)) GiB"',
  "echo \"Disk left: $(df -h --output=avail . | tail -n 1 | tr -d ' ')\"",
  "gpus=$(nvidia-smi --query-gpu=name,memory.total --format=csv,noheader 2>/dev/null | paste -sd ';' -)",
  '[ -n "$gpus" ] || gpus=none; echo "GPUs: $gpus"',
  'echo "Python: $(python3 --version 2>&1)"',
  'found=""; for tool in gcc g++ clang nvcc rustc cmake git; do command -v "$tool" >/dev/null && found="$found $tool"; done',
  'echo "Compilers and tools:$found"',
].join("\n");

/** The machine as it looks from inside the sandbox, one fact a line; `unknown` when it cannot be asked. */
export async function machineFacts(context: AgentContext): Promise<string> {
  const result = await context.exec(["bash", "-c", probe], { timeoutMs: 30_000, captureChars: 2_000 });
  if (result.status !== "exited" || result.stdout.text.trim() === "") return "Machine: unknown";
  return result.stdout.text.trim();
}
