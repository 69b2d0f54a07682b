/** `infraudit api`: any request of the API with the stored credential, for what has no command of its own. */
import { type Command, Option } from "commander";
import type { App } from "../app.ts";
import { later } from "./arguments.ts";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export interface ApiOptions {
  method?: typeof METHODS[number];
  rawField?: string[];
  field?: string[];
  header?: string[];
  input?: string;
  paginate?: boolean;
  include?: boolean;
}

const RUN = later(() => import("./api_run.ts"), "runApi");

export function newApiCommand(parent: Command, app: App, run = RUN): void {
  const many = (value: string, before: string[] = []) => [...before, value];
  parent.command("api")
    .description("send any request to the API and print what it answers")
    .argument("<words...>", "the path such as /v1/drifts, with a method before it such as DELETE")
    .addOption(
      new Option("-X, --method <method>", "GET, or POST where there are fields and no --paginate").choices(
        METHODS,
      ),
    )
    .option("-f, --raw-field <name=value>", "a text field of the body, or of the query of a GET", many)
    .option(
      "-F, --field <name=value>",
      "the same with true, false, null, numbers and @file read as such",
      many,
    )
    .option("-H, --header <name: value>", "a further request header", many)
    .option("--input <file>", "the body from a file, or - for standard input")
    .option("--paginate", "fetch every page of a list")
    .option("-i, --include", "print the status and headers too")
    .addHelpText("after", () => `
Examples:
  infraudit api /v1/drifts -f severity=critical --paginate --jq '.data[].summary'
  infraudit api PATCH /v1/drifts/7 -f status=investigating
  infraudit api POST /v1/resources --input resource.json`)
    .action((words: string[], options: ApiOptions) => run(app, words, options));
}
