import { createHash } from "node:crypto";
import { z } from "zod";
import type { SnapshotRef } from "./result.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Control characters and backslashes: a name with one of these means different things to different readers. */
const unsafeCharacters = /[\p{Cc}\p{Cs}\\\u2028\u2029]/u;

/**
 * True for a name that may be one segment of a snapshot path: text without control characters or backslashes that
 * is not a way out of its folder.
 */
export function isSafeName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/") && !unsafeCharacters.test(name);
}

const snapshotPath = z
  .string()
  .refine((path) => path.split("/").every(isSafeName), "a relative path of plain names, without `..`");

const entry = z.strictObject({
  /** Relative to the workspace, `/` between the segments. */
  path: snapshotPath,
  /** All that is kept of the permissions; owner, times and other attributes are not part of a snapshot. */
  mode: z.enum(["644", "755"]),
  sizeBytes: z.int().nonnegative(),
  sha256,
});
/** One file of a snapshot. */
export type SnapshotEntry = z.infer<typeof entry>;

const leftOut = z.strictObject({
  /** Printable form of the path; see `toPrintableName`. */
  path: z.string(),
  reason: z.enum([
    "symbolic-link",
    "fifo",
    "socket",
    "device",
    "cache",
    "unreadable",
    "unsafe-name",
    "changed",
  ]),
});
/** Something found in the workspace that is not in the snapshot, and why. */
export type LeftOut = z.infer<typeof leftOut>;

const refusal = z.strictObject({
  reason: z.enum([
    "snapshot-too-large",
    "snapshot-too-many-files",
    "snapshot-too-deep",
    "snapshot-path-too-long",
  ]),
  /** For the agent. */
  message: z.string(),
});
/** Which cap a workspace broke. */
export type SnapshotRefusal = z.infer<typeof refusal>;

/**
 * What a snapshot holds. A workspace that breaks a cap has a manifest too, with a `refusal` and no entries: so each
 * score entry names a snapshot, and rescoring it gives `invalid` again.
 */
export const snapshotManifestSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    refusal: refusal.nullable(),
    /** In the order of their paths' UTF-8 bytes. */
    entries: z.array(entry).readonly(),
    /** What was found and is not in the snapshot: the first 100 in order of their paths. */
    leftOut: z.array(leftOut).readonly(),
    /** How many were left out altogether. */
    leftOutCount: z.int().nonnegative(),
  })
  .refine(
    (manifest) => pathsFitTogether(manifest.entries),
    "entries in order, each path once, no file a folder",
  );
/** See {@link snapshotManifestSchema}. */
export type SnapshotManifest = z.infer<typeof snapshotManifestSchema>;

/** Order of the UTF-8 bytes, which any language can reproduce. */
export function comparePaths(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function pathsFitTogether(entries: readonly SnapshotEntry[]): boolean {
  const files = new Set<string>();
  let previous: string | undefined;
  for (const { path } of entries) {
    if (previous !== undefined && comparePaths(previous, path) >= 0) return false;
    previous = path;
    files.add(path);
  }
  return entries.every(({ path }) => !foldersOf(path).some((folder) => files.has(folder)));
}

function foldersOf(path: string): readonly string[] {
  const segments = path.split("/");
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join("/"));
}

/** The bytes that are stored and hashed: one line of JSON, keys in the order of the schema. */
export function toManifestBytes(manifest: SnapshotManifest): Buffer {
  const ordered: SnapshotManifest = {
    schemaVersion: manifest.schemaVersion,
    refusal:
      manifest.refusal === null
        ? null
        : { reason: manifest.refusal.reason, message: manifest.refusal.message },
    entries: manifest.entries.map(({ path, mode, sizeBytes, sha256 }) => ({ path, mode, sizeBytes, sha256 })),
    leftOut: manifest.leftOut.map(({ path, reason }) => ({ path, reason })),
    leftOutCount: manifest.leftOutCount,
  };
  return Buffer.from(`${JSON.stringify(ordered)}\n`);
}

/** The short form that a score entry carries. */
export function toSnapshotRef(manifest: SnapshotManifest): SnapshotRef {
  return {
    treeSha256: createHash("sha256").update(toManifestBytes(manifest)).digest("hex"),
    files: manifest.entries.length,
    sizeBytes: manifest.entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/**
 * A name as it may be shown to people and models: UTF-8 with invisible characters and backslashes written as
 * `\u{…}`; where the bytes are no UTF-8, everything but printable ASCII as `\x…`. Cut after 200 characters.
 */
export function toPrintableName(bytes: Uint8Array): string {
  return cut(
    decodeName(bytes) === null ? escapeBytes(bytes) : escapeCharacters(Buffer.from(bytes).toString()),
  );
}

/** The name as text, or null when its bytes are not UTF-8. */
export function decodeName(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function escapeCharacters(text: string): string {
  return text.replace(
    /[\p{C}\p{Zl}\p{Zp}\\]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("");
}

function cut(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 150)}…${text.slice(-49)}`;
}
