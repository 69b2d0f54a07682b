/** A mail server for one Auth server: takes what it is sent (RFC 5321) and hands it on as text. */

export interface MailReceiver {
  readonly port: number;
  close(): Promise<void>;
}

export interface ReceivedMail {
  to: string;
  subject: string;
  /** Of an HTML mail, its words and the addresses of its links. */
  text: string;
}

/** Listens on a free port of 127.0.0.1, without TLS and without a password. */
export function receiveMail(deliver: (mail: ReceivedMail) => void | Promise<void>): MailReceiver {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const serving = (async () => {
    for await (const connection of listener) {
      open.add(connection);
      converse(connection, deliver).catch(() => {}).finally(() => open.delete(connection));
    }
  })();
  return {
    port: listener.addr.port,
    close: async () => {
      listener.close();
      for (const connection of open) connection.close();
      await serving;
    },
  };
}

async function converse(connection: Deno.Conn, deliver: (mail: ReceivedMail) => void | Promise<void>) {
  const say = (line: string) => connection.write(new TextEncoder().encode(`${line}\r\n`));
  await say("220 mail receiver");
  let to = "";
  let message: string[] | undefined;
  for await (const line of linesOf(connection)) {
    if (message) {
      if (line !== ".") {
        message.push(line.startsWith(".") ? line.slice(1) : line);
        continue;
      }
      await deliver({ to, ...readMessage(message) });
      message = undefined;
      await say("250 taken");
      continue;
    }
    const command = line.slice(0, 4).toUpperCase();
    if (command === "RCPT") to = /<([^>]*)>/.exec(line)?.[1] ?? "";
    if (command === "DATA") {
      message = [];
      await say("354 go on");
    } else if (command === "QUIT") {
      await say("221 bye");
      connection.close();
      return;
    } else await say("250 ok");
  }
}

async function* linesOf(connection: Deno.Conn): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of connection.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\r\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

function readMessage(lines: string[]): { subject: string; text: string } {
  const end = lines.indexOf("");
  const head = lines.slice(0, end).join("\n").replace(/\n[ \t]+/g, " ");
  const body = lines.slice(end + 1).join("\n");
  const isQuoted = /^content-transfer-encoding: *quoted-printable/im.test(head);
  return {
    subject: /^subject: *(.*)$/im.exec(head)?.[1] ?? "",
    text: asText(isQuoted ? unquote(body) : body),
  };
}

/** RFC 2045 §6.7. */
function unquote(body: string): string {
  const bytes = body.replace(/=\n/g, "").replace(
    /=([0-9A-F]{2})/g,
    (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

function asText(html: string): string {
  const names: Record<string, string> = {
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    "#34": '"',
    "#39": "'",
    "#43": "+",
  };
  return html.replace(/<a\b[^>]*\bhref="([^"]*)"[^>]*>/g, " $1 ").replace(/<[^>]*>/g, "")
    .replace(/&(#?\w+);/g, (whole, name) => names[name] ?? whole);
}
