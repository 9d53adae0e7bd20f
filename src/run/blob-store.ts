import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { reasonOf } from "../errors/index.ts";
import { runErrors } from "./errors.ts";
import { inlinePayloadBytes, type Payload } from "./payload.ts";

/** A folder from strangers may hold a link, or a pipe that nobody writes, in the place of a text. */
const readPlainly = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Long texts of one run, each in a file named by its content hash. */
export class BlobStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Keeps a text and says how to find it again. Equal texts give equal payloads.
   *
   * @throws RUN_UNWRITABLE
   */
  toPayload(text: string): Payload {
    const bytes = Buffer.from(text);
    if (bytes.length <= inlinePayloadBytes) return { text };
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const path = this.#pathOf(sha256);
    if (!existsSync(path)) {
      try {
        mkdirSync(dirname(path), { recursive: true });
        // Not over what is there already: it may be a link.
        rmSync(`${path}.new`, { force: true });
        writeFileSync(`${path}.new`, bytes, { flag: "wx" });
        renameSync(`${path}.new`, path);
      } catch (cause) {
        rmSync(`${path}.new`, { force: true });
        const detail = reasonOf(cause);
        throw runErrors.RUN_UNWRITABLE({ path, detail }, cause);
      }
    }
    return { sha256, sizeBytes: bytes.length };
  }

  /** @throws RUN_PAYLOAD_BROKEN when the file is missing or its content is not what was kept. */
  read(payload: Payload): string {
    if ("text" in payload) return payload.text;
    const path = this.#pathOf(payload.sha256);
    let file: number;
    try {
      file = openSync(path, readPlainly);
    } catch (cause) {
      throw runErrors.RUN_PAYLOAD_BROKEN({ path, detail: "is missing or no plain file" }, cause);
    }
    let bytes: Buffer | null;
    try {
      const status = fstatSync(file);
      bytes = status.isFile() && status.size === payload.sizeBytes ? readFileSync(file) : null;
    } finally {
      closeSync(file);
    }
    if (bytes === null || createHash("sha256").update(bytes).digest("hex") !== payload.sha256) {
      throw runErrors.RUN_PAYLOAD_BROKEN({ path, detail: "was changed after it was written" });
    }
    return bytes.toString("utf8");
  }

  #pathOf(sha256: string): string {
    return join(this.#directory, sha256.slice(0, 2), sha256.slice(2));
  }
}
