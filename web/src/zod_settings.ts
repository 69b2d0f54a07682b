/** Settings of zod that must hold before the first schema is made: import this file first. */
import { z } from "zod";

// Compiled schemas need `eval`, which the Content-Security-Policy forbids.
z.config({ jitless: true });
