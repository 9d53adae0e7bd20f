import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./run-program.ts";
import { systemPath } from "./shell-words.ts";

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
const batchSize = 12;

/** A pipe between a command and the harness: the command's end as a descriptor, ours as a stream. */
export interface CommandPipe {
  readonly theirs: number;
  readonly ours: Socket;
}

/**
 * Real pipes for the standard streams of commands. What Node makes for `stdio: "pipe"` are sockets, on which
 * `echo … > /dev/stderr` fails and which make bash read `.bashrc`. They are named pipes, made a dozen at a time and
 * unlinked at once, and open to everyone because a command runs as another user than the harness.
 */
export class PipePool {
  readonly #ready: number[] = [];
  #refill: Promise<void> | null = null;
  #isClosed = false;

  async openOutput(): Promise<CommandPipe> {
    return this.#open(O_WRONLY, O_RDONLY);
  }

  async openInput(): Promise<CommandPipe> {
    return this.#open(O_RDONLY, O_WRONLY);
  }

  close(): void {
    this.#isClosed = true;
    for (const descriptor of this.#ready.splice(0)) closeSync(descriptor);
  }

  async #open(theirFlags: number, ourFlags: number): Promise<CommandPipe> {
    while (this.#ready.length === 0) await this.#fill();
    const held = this.#ready.shift() ?? -1;
    if (this.#ready.length < 4) void this.#fill().catch(() => {});
    // While `held` is open for both directions neither end waits for the other.
    const path = `/proc/self/fd/${held}`;
    const theirs = openSync(path, theirFlags);
    const ours = openSync(path, ourFlags | O_NONBLOCK);
    closeSync(held);
    const isInput = ourFlags === O_WRONLY;
    return { theirs, ours: new Socket({ fd: ours, readable: !isInput, writable: isInput }) };
  }

  #fill(): Promise<void> {
    this.#refill ??= this.#make().finally(() => {
      this.#refill = null;
    });
    return this.#refill;
  }

  async #make(): Promise<void> {
    // Commands can read this path off `/proc/self/fd`: it must not name the user, as a home folder would.
    const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "pipes-"));
    try {
      const paths = Array.from({ length: batchSize }, (_, index) => join(folder, String(index)));
      const made = await runProgram("mkfifo", ["-m", "666", ...paths], { env: { PATH: systemPath } });
      if (made.exitCode !== 0) throw new Error(`mkfifo: ${made.stderr}`);
      for (const path of paths) this.#ready.push(openSync(path, O_RDWR | O_NONBLOCK));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    if (this.#isClosed) this.close();
  }
}
