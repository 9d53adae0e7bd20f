import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { findBrowser } from "../../src/machine/index.ts";

/** Path of the browser that tests of pages use, or null where this machine has none. */
export const browserPath = await findBrowser(process.env);

/** To be said in the title of a test that needs the browser. */
export const whyNoBrowser =
  browserPath === null ? " (skipped: no Chromium here; `rebench setup --development` installs it)" : "";

export async function openBrowser(): Promise<Browser> {
  if (browserPath === null) throw new Error("there is no browser");
  // Its own sandbox cannot be set up by root, nor within a container.
  return chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** What a browser says to a page on the disk. */
export interface PageFindings {
  /** Addresses that the page asked for beside itself. */
  readonly requests: readonly string[];
  /** Errors and refusals in the console. */
  readonly complaints: readonly string[];
  /** Rule and first place of each violation of accessibility. */
  readonly violations: readonly string[];
  /** Rules that were applied and held. */
  readonly passes: number;
}

/** Opens a page with every fold open, and checks it by all of axe's rules. */
export async function examine(
  browser: Browser,
  file: string,
  options: { readonly scheme: "light" | "dark"; readonly widthPx?: number; readonly script?: boolean },
): Promise<PageFindings> {
  const context = await browser.newContext({
    colorScheme: options.scheme,
    viewport: { width: options.widthPx ?? 1_100, height: 900 },
  });
  try {
    const page = await context.newPage();
    const address = pathToFileURL(file).href;
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => {
      if (request.url() !== address && !request.url().startsWith("data:font/")) requests.push(request.url());
    });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(address);
    await openFolds(page);
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(async () => {
      const found = await (globalThis as unknown as { axe: typeof axe }).axe.run();
      return {
        violations: found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`),
        passes: found.passes.length,
      };
    });
    return { requests, complaints, violations, passes };
  } finally {
    await context.close();
  }
}

async function openFolds(page: Page): Promise<void> {
  for (const fold of await page.locator("details > summary").all()) await fold.click();
}
