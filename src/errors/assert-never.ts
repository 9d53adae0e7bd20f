/** Ends a switch over a closed union; a new member then fails to type-check here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
