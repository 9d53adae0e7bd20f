/**
 * Folder inside the sandbox for what the tools keep: shell state, interpreter, long outputs. Named after the
 * workspace, because without isolation several runs share one `/tmp`. Lost when the sandbox is; the tools cope.
 */
export function toolDirectory(workspace: string): string {
  return `/tmp/.tools${workspace.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(-100)}`;
}
