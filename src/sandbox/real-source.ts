import { realpathSync } from "node:fs";
import type { Mount } from "../machine/index.ts";
import { sandboxErrors } from "./errors.ts";

/** The host path that a mount comes from, links resolved. @throws SANDBOX_SOURCE_MISSING */
export function realSource(mount: Mount): string {
  try {
    return realpathSync(mount.source);
  } catch (cause) {
    throw sandboxErrors.SANDBOX_SOURCE_MISSING(mount, cause);
  }
}
