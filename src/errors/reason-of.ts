/** What something thrown says: its message, or itself as text where it is no error. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
