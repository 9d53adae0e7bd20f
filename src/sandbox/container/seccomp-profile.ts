import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** Where distributions keep Podman's default profile, the administrator's own first. */
const defaultProfiles = ["/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json"];

/** CLONE_NEWUSER; see clone(2). */
const newUserNamespace = 0x1000_0000;

const profileSchema = z.looseObject({
  syscalls: z.array(z.looseObject({ names: z.array(z.string()), action: z.string() })),
});

/**
 * Writes Podman's default profile with user namespaces taken out, as Docker's has them: with one, a process inside
 * has every capability over things of its own and so reaches far more of the kernel.
 *
 * @returns the file and how to remove it once the container runs; null where there is no default to start from
 */
export function writeSeccompProfile(): { path: string; remove(): void } | null {
  const source = defaultProfiles.find((path) => existsSync(path));
  if (source === undefined) return null;
  const profile = profileSchema.parse(JSON.parse(readFileSync(source, "utf8")));
  const restricted = ["clone", "clone3", "unshare"];
  const others = profile.syscalls.map((rule) => ({
    ...rule,
    names: rule.names.filter((name) => !restricted.includes(name)),
  }));
  const withoutNewUser = [{ index: 0, value: newUserNamespace, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }];
  const syscalls = [
    ...others.filter((rule) => rule.names.length > 0),
    { names: ["clone", "unshare"], action: "SCMP_ACT_ALLOW", args: withoutNewUser },
    // Its flags lie in memory where no filter sees them; libraries fall back to clone on ENOSYS (38).
    { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: 38 },
  ];
  const folder = mkdtempSync(join(tmpdir(), "rebench-seccomp-"));
  const path = join(folder, "profile.json");
  writeFileSync(path, JSON.stringify({ ...profile, syscalls }));
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
