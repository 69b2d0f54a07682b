/** Importing a file, step by step: it is read, sent, and compared with what is known. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { createClient } from "../../../shared/client/client.ts";
import { importResources } from "../../../shared/contracts/imports.ts";
import { fetchWithProgress } from "../api/upload.ts";
import { useServices } from "../app/services.ts";
import { type ReadFile, readImportFile } from "./import_file.ts";

/** How far an import has come. */
export type ImportStep =
  | { name: "reading" }
  | { name: "sending"; file: ReadFile; sent: number; total: number }
  | { name: "comparing"; file: ReadFile };

const CONCERNED = ["resources", "resource", "drifts", "drift-summary"];
/** 8 MiB by a slow line take minutes, and who sees them going will wait. */
const TIMEOUT_MS = 10 * 60_000;

/** The import, how far it has come, and how to call it off. */
export function useImport() {
  const { config, session } = useServices();
  const queries = useQueryClient();
  const [step, setStep] = useState<ImportStep>({ name: "reading" });
  const ending = useRef(new AbortController());
  const send = useMutation({
    mutationFn: async (chosen: File) => {
      setStep({ name: "reading" });
      const file = await readImportFile(chosen);
      setStep({ name: "sending", file, sent: 0, total: chosen.size });
      const uploads = createClient({
        baseUrl: config.api_base,
        credential: session.credential,
        timeoutMs: TIMEOUT_MS,
        fetch: fetchWithProgress((sent, total) =>
          setStep(sent < total ? { name: "sending", file, sent, total } : { name: "comparing", file })
        ),
      });
      return await uploads.call(importResources, { body: file.text }, { signal: ending.current.signal });
    },
    onSuccess: () => CONCERNED.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  /** Before everything was sent nothing has happened; after that, the import takes its course. */
  const callOff = () => {
    if (send.isPending && step.name !== "comparing") ending.current.abort();
  };
  return { send, step, callOff };
}
