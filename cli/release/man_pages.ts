/** Man pages made from the program's own help, so that they can't fall behind it. */
import type { Argument, Command, Option } from "commander";
import { App } from "../app.ts";
import { buildProgram } from "../program.ts";
import { VERSION } from "../version.ts";

/** One page: its file's name and its text in the man macros. */
export interface ManPage {
  file: string;
  text: string;
}

/** `infraudit.1`, and a page for each command and group. */
export function makeManPages(): ManPage[] {
  const program = buildProgram(new App(new AbortController().signal), { out: [], err: [] });
  const children = visibleCommands(program);
  return [
    { file: "infraudit.1", text: toPage(program, "infraudit") },
    ...children.map((command) => ({
      file: `infraudit-${command.name()}.1`,
      text: toPage(command, `infraudit ${command.name()}`),
    })),
  ];
}

function toPage(command: Command, path: string): string {
  const name = path.replaceAll(" ", "-");
  const isRoot = command.parent === null;
  return [
    `.TH "${name.toUpperCase()}" 1 "" "infraudit ${VERSION}" "InfraAudit"`,
    ".SH NAME",
    `${escape(name)} \\- ${escape(command.description())}`,
    ...commandSections(command, path, isRoot),
    ...isRoot ? helpSections(command) : [".SH SEE ALSO", ".BR infraudit (1)"],
    "",
  ].join("\n");
}

function commandSections(command: Command, path: string, isRoot: boolean): string[] {
  const children = visibleCommands(command);
  return [
    ".SH SYNOPSIS",
    `.B ${escape(path)}`,
    escape(command.usage()),
    ...optionSection("OPTIONS", command.createHelp().visibleOptions(command)),
    ...argumentSection(command),
    ...children.length === 0
      ? []
      : [".SH COMMANDS", ...children.flatMap((child) => commandEntry(child, path, isRoot))],
  ];
}

function commandEntry(child: Command, path: string, isRoot: boolean): string[] {
  const head = [
    ".TP",
    `.B ${escape(`${path} ${child.name()} ${child.usage()}`)}`,
    escape(child.description()),
  ];
  // A group's commands have no page of their own: their options stand here.
  if (isRoot) return head;
  const options = child.createHelp().visibleOptions(child).filter((option) => option.long !== "--help");
  return [...head, ...options.flatMap((option) => [".RS", ...optionEntry(option), ".RE"])];
}

function argumentSection(command: Command): string[] {
  const known = command.registeredArguments.filter((argument) => argument.description || argument.argChoices);
  if (known.length === 0) return [];
  const entry = (argument: Argument) => [
    ".TP",
    `.I ${escape(argument.name())}`,
    escape(argument.description || (argument.argChoices ?? []).join(", ")),
  ];
  return [".SH ARGUMENTS", ...known.flatMap(entry)];
}

function optionSection(title: string, options: readonly Option[]): string[] {
  return options.length === 0 ? [] : [`.SH ${title}`, ...options.flatMap(optionEntry)];
}

function optionEntry(option: Option): string[] {
  const choices = option.argChoices ? ` (${option.argChoices.join(", ")})` : "";
  return [".TP", `.B ${escape(option.flags)}`, escape(option.description + choices)];
}

/** Environment and exit codes, as the root's help has them after its commands. */
function helpSections(program: Command): string[] {
  const said: string[] = [];
  program.configureOutput({ writeOut: (text) => said.push(text), getOutHelpWidth: () => 1000 });
  program.outputHelp();
  return said.join("").split(/\n(?=Environment|Exit codes)/).slice(1).flatMap((section) => {
    const [title = "", ...lines] = section.trim().split("\n");
    return [
      `.SH ${title.replace(/ ?\(.*|:$/g, "").toUpperCase()}`,
      ...lines.filter((line) => line.trim() !== "").flatMap((line) => {
        const [, term = "", text = ""] = /^\s*(\S+(?:, \S+)*)\s+(.*)$/.exec(line) ?? [];
        return [".TP", `.B ${escape(term)}`, escape(text)];
      }),
    ];
  });
}

function visibleCommands(command: Command): Command[] {
  return command.createHelp().visibleCommands(command).filter((child) => child.name() !== "help");
}

/** Text in which no character is a request of roff. */
function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^([.'])/gm, "\\&$1");
}
