const maxLength = 500;

/** Patterns of keys as the known vendors write them, masked or whole, and of addresses. */
const keyPattern = /\b(sk|pk|key|AIza|Bearer )[-_*A-Za-z0-9]{8,}/g;
const urlPattern = /\bhttps?:\/\/[^\s"'<>)]+/g;

/**
 * Makes a provider's own words fit to be shown to an agent: the given secrets, anything that looks like a key, and
 * addresses are taken out, and the rest is cut to 500 characters.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) {
    // Shorter ones would blank out ordinary words.
    if (secret.length >= 4) safe = safe.replaceAll(secret, "[withheld]");
  }
  safe = safe.replace(urlPattern, "[withheld]").replace(keyPattern, "[withheld]");
  return safe.length > maxLength ? `${safe.slice(0, maxLength)}…` : safe;
}
