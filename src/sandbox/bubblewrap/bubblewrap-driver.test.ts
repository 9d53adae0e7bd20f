import { sandboxContract } from "../sandbox-contract.ts";
import { bubblewrapMissing } from "../testing/jail-fixtures.ts";
import { bubblewrapDriver } from "./bubblewrap-driver.ts";

sandboxContract({ driver: bubblewrapDriver, isolates: true, usesEngine: false, missing: bubblewrapMissing });
