/** Mail of the local stack: nothing is sent, everything can be read. Stacks on one database share it. */
import type { EmailDriver } from "@supabase/lite";
import type { Database } from "../database/database.ts";

/** A mail that would have been sent. */
export interface Mail {
  id: number;
  /** RFC 3339, UTC. */
  sent_at: string;
  recipient: string;
  subject: string;
  /** Plain text. */
  content: string;
}

/** Where the stack's mail lands. */
export interface Mailbox extends EmailDriver {
  /** The last 100 mails, newest first. */
  list(): Promise<Mail[]>;
}

/** Opens the mailbox of a database. */
export function openMailbox(database: Database): Mailbox {
  let landing: Promise<unknown> = Promise.resolve();
  return {
    // Not waited for: Auth may send from inside a transaction, and the embedded database has only one session.
    send: ({ to, subject, text }) => {
      landing = landing.then(() =>
        database.query("insert into dev.mails (recipient, subject, content) values ($1, $2, $3)", [
          to,
          subject,
          text ?? "",
        ])
      );
      return Promise.resolve();
    },
    list: async () => {
      await landing;
      return await database.query<Mail & Record<string, unknown>>(
        `select id, to_char(sent_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as sent_at,
           recipient, subject, content
         from dev.mails order by id desc limit 100`,
      );
    },
  };
}
