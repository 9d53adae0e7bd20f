import type { AgentContext } from "../../run/index.ts";

const gib = 2 ** 30;

const probe = [
  "gpus=$(nvidia-smi --query-gpu=name,memory.total --format=csv,noheader 2>/dev/null | paste -sd ';' -)",
  '[ -n "$gpus" ] || gpus=none; echo "GPUs: $gpus"',
  'echo "Python: $(python3 --version 2>&1)"',
  'found=""; for tool in gcc g++ clang nvcc rustc cmake git; do command -v "$tool" >/dev/null && found="$found $tool"; done',
  'echo "Compilers and tools:$found"',
].join("\n");

/** The sandbox's limits, and what a look inside it finds, one fact a line. */
export async function machineFacts(context: AgentContext): Promise<readonly string[]> {
  const { cpuCores, memoryBytes, diskBytes } = context.task.resources;
  const limits = [
    `CPU cores: ${cpuCores}`,
    `Memory: ${toGibText(memoryBytes)}`,
    `Disk for the workspace: ${toGibText(diskBytes)}`,
  ];
  const result = await context.exec(["bash", "-c", probe], { timeoutMs: 30_000, captureChars: 2_000 });
  if (result.status !== "exited") return limits;
  return [...limits, ...result.stdout.text.split("\n").filter((line) => line.trim() !== "")];
}

function toGibText(bytes: number): string {
  return `${Number((bytes / gib).toFixed(1))} GiB`;
}
