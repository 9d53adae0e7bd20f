import { sandboxContract } from "../sandbox-contract.ts";
import { hostDriver } from "./host-driver.ts";

sandboxContract({ driver: hostDriver, isolates: false, usesEngine: false, missing: null });
