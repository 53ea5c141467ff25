// Unpacks the Chromium of @sparticuz/chromium into the folder that TMPDIR names, and beside it the few system
// libraries it is linked with, which the package itself unpacks on Amazon's machines only.
import { fileURLToPath } from "node:url";
import chromium, { inflate } from "@sparticuz/chromium";

await chromium.executablePath();
await inflate(fileURLToPath(new URL("node_modules/@sparticuz/chromium/bin/al2023.tar.br", import.meta.url)));
