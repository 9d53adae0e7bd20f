import type { RunSummary } from "../../run/index.ts";

/** Four significant digits, with a true minus sign. */
export function formatRaw(value: number): string {
  return value.toPrecision(4).replace("-", "−");
}

/** A normalized score with two decimals. */
export function formatNormalized(value: number): string {
  return value.toFixed(2);
}

/** `2025-11-01 09:00 UTC` */
export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `4 GiB`, `512 MiB` */
export function formatBytes(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${Number(gib.toFixed(1))} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** How a run stands, in words. */
export function formatStatus(state: RunSummary["state"]): string {
  switch (state.phase) {
    case "created":
      return "not started";
    case "running":
      return "not ended";
    case "interrupted":
      return "interrupted";
    case "ended":
      return (state.ending?.reason ?? "ended").replace("-", " ");
  }
}
