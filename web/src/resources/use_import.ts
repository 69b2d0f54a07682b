/** Importing a file, step by step: it is read, tried without writing, and then sent for good. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { createClient } from "../../../shared/client/client.ts";
import { importResources } from "../../../shared/contracts/imports.ts";
import { fetchWithProgress } from "../api/upload.ts";
import { useServices } from "../app/services.ts";
import { type ReadFile, readImportFile } from "./import_file.ts";

/** How far an import, or its trial, has come. */
export type ImportStep =
  | { name: "reading" }
  | { name: "sending"; file: ReadFile; sent: number; total: number }
  | { name: "comparing"; file: ReadFile };

/** What a person says about a file. */
export interface ImportChoices {
  /** What it shows, such as one workspace; empty for what the file says itself. */
  source: string;
  /** It shows all of its source: what is missing is gone. */
  full: boolean;
  /** Much may be gone at once. */
  allow_mass_delete: boolean;
}

export const NO_CHOICES: ImportChoices = { source: "", full: false, allow_mass_delete: false };

const CONCERNED = ["resources", "resource", "drifts", "drift-summary"];
/** 8 MiB by a slow line take minutes, and who sees them going will wait. */
const TIMEOUT_MS = 10 * 60_000;

/** Both ways to send a file, how far they have come, and how to call them off. */
export function useImport() {
  const { config, session } = useServices();
  const queries = useQueryClient();
  const [step, setStep] = useState<ImportStep>({ name: "reading" });
  const ending = useRef(new AbortController());
  const upload = (file: ReadFile, { source, full, allow_mass_delete }: ImportChoices, dry_run: boolean) => {
    setStep({ name: "sending", file, sent: 0, total: file.bytes });
    const uploads = createClient({
      baseUrl: config.api_base,
      credential: session.credential,
      timeoutMs: TIMEOUT_MS,
      fetch: fetchWithProgress((sent, total) =>
        setStep(sent < total ? { name: "sending", file, sent, total } : { name: "comparing", file })
      ),
    });
    const query = {
      source: source.trim() || undefined,
      full: full ? "true" as const : undefined,
      allow_mass_delete: allow_mass_delete ? "true" as const : undefined,
      dry_run: dry_run ? "true" as const : undefined,
    };
    return uploads.call(importResources, { body: file.text, query }, { signal: ending.current.signal });
  };
  /** Says what an import would do, and writes nothing. */
  const attempt = useMutation({
    mutationFn: async ({ chosen, choices }: { chosen: File | ReadFile; choices: ImportChoices }) => {
      setStep({ name: "reading" });
      const file = chosen instanceof File ? await readImportFile(chosen) : chosen;
      return { file, result: await upload(file, choices, true) };
    },
  });
  const send = useMutation({
    mutationFn: ({ file, choices }: { file: ReadFile; choices: ImportChoices }) =>
      upload(file, choices, false),
    onSuccess: () => CONCERNED.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  /** Before everything was sent nothing has happened; after that, the import takes its course. */
  const callOff = () => {
    if (attempt.isPending || (send.isPending && step.name !== "comparing")) ending.current.abort();
  };
  return { attempt, send, step, callOff };
}
