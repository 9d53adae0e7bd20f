import { sandboxContract } from "../sandbox-contract.ts";
import { bubblewrapDriver } from "./bubblewrap-driver.ts";
import { bubblewrapMissing } from "./jail-fixtures.ts";

sandboxContract({ driver: bubblewrapDriver, isolates: true, usesEngine: false, missing: bubblewrapMissing });
