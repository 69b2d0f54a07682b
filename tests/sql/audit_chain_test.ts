/** Guarantee: no API role can touch the audit log, and whoever can (a superuser) is found out. */
import assert from "node:assert/strict";
import { openBareDatabase } from "./bare_database.ts";

const database = await openBareDatabase();
const { query } = database;

const ROLES = [
  ["anon", {}],
  ["authenticated", {}],
  ["service_role", {}],
] as const;

const TOUCHES: [string, string][] = [
  [
    "insert",
    "insert into public.audit_events (organization_id, sequence, action, occurred_at, details, previous_hash, hash) values (1, 99, 'x', now(), '{}', '', '')",
  ],
  ["update", "update public.audit_events set action = 'x'"],
  ["update through the view", "update public.audit_log set action = 'x'"],
  ["delete", "delete from public.audit_events"],
  ["delete through the view", "delete from public.audit_log"],
  ["truncate", "truncate public.audit_events"],
  ["the chain's head", "update private.audit_heads set sequence = 0"],
  ["appending by hand", "select private.append_audit_event(null)"],
  ["auditing by hand", "select private.audit(1, 'x', 'x', 'x')"],
  ["switching triggers off", "alter table public.memberships disable trigger all"],
  ["playing replica", "set session_replication_role = replica"],
];

const log = () => query("select * from public.audit_events order by id");

for (const [role, claims] of ROLES) {
  for (const [name, statement] of TOUCHES) {
    Deno.test(`${role}: ${name} is refused`, async () => {
      const before = await log();
      await assert.rejects(
        role === "authenticated"
          ? database.asPerson("owner", (query) => query(statement))
          : database.as(role, claims, (query) => query(statement)),
        { code: "42501" },
      );
      assert.deepEqual(await log(), before);
    });
  }
}

interface Verification {
  after: number;
  done: boolean;
  head: { sequence: number; hash: string } | null;
  broken: { sequence: number; event_id: number | null; fault: string } | null;
}

async function verify(limit = 1000): Promise<Verification> {
  let [after, hash] = [0, ""];
  while (true) {
    const [row] = await database.asPerson(
      "owner",
      (query) =>
        query<{ stretch: Verification & { hash: string } }>(
          "select public.verify_audit_events($1, $2, $3) as stretch",
          [after, hash, limit],
        ),
    );
    const { stretch } = row!;
    if (stretch.done) return stretch;
    [after, hash] = [stretch.after, stretch.hash];
  }
}

/** Only the first five events, so that the rows below hold whatever else the seed does. */
const FIRST_FIVE = [
  "delete from public.audit_events where organization_id = 1 and sequence > 5",
  `update private.audit_heads h set sequence = 5, hash = e.hash from public.audit_events e
   where h.organization_id = 1 and e.organization_id = 1 and e.sequence = 5`,
];

/** The rehashed event, as somebody would who knows how hashes are made. */
const REHASH =
  "update public.audit_events e set hash = private.audit_hash(e) where organization_id = 1 and sequence = 3";

const TAMPERINGS: [string, string[], { sequence: number; fault: string } | null][] = [
  ["nothing", [], null],
  ["a changed action", [
    "update public.audit_events set action = 'x' where organization_id = 1 and sequence = 3",
  ], {
    sequence: 3,
    fault: "changed",
  }],
  ["a changed detail", [
    'update public.audit_events set details = details || \'{"role": "viewer"}\' where organization_id = 1 and sequence = 2',
  ], {
    sequence: 2,
    fault: "changed",
  }],
  ["another actor's address", [
    "update public.audit_events set actor_email = 'x' where organization_id = 1 and sequence = 3",
  ], { sequence: 3, fault: "changed" }],
  ["another member's address", [
    'update public.audit_events set details = details || \'{"email": "x"}\' where organization_id = 1 and sequence = 2',
  ], { sequence: 2, fault: "changed" }],
  ["an actor that was made unverifiable, and another", [
    "update public.audit_events set actor_email = 'x', actor_salt = null where organization_id = 1 and sequence = 3",
  ], { sequence: 3, fault: "changed" }],
  ["a changed time", [
    "update public.audit_events set occurred_at = occurred_at + interval '1 microsecond' where organization_id = 1 and sequence = 4",
  ], {
    sequence: 4,
    fault: "changed",
  }],
  ["a changed event, hashed again", [
    "update public.audit_events set action = 'x' where organization_id = 1 and sequence = 3",
    REHASH,
  ], {
    sequence: 4,
    fault: "unlinked",
  }],
  ["a changed newest event, hashed again", [
    "update public.audit_events set action = 'x' where organization_id = 1 and sequence = 5",
    "update public.audit_events e set hash = private.audit_hash(e) where organization_id = 1 and sequence = 5",
  ], { sequence: 5, fault: "changed" }],
  ["a removed event", ["delete from public.audit_events where organization_id = 1 and sequence = 3"], {
    sequence: 3,
    fault: "missing",
  }],
  ["a removed first event", ["delete from public.audit_events where organization_id = 1 and sequence = 1"], {
    sequence: 1,
    fault: "missing",
  }],
  ["a removed newest event", ["delete from public.audit_events where organization_id = 1 and sequence = 5"], {
    sequence: 5,
    fault: "missing",
  }],
  ["everything removed", ["delete from public.audit_events where organization_id = 1"], {
    sequence: 1,
    fault: "missing",
  }],
  ["two events that changed places", [
    "update public.audit_events set sequence = 100 where organization_id = 1 and sequence = 2",
    "update public.audit_events set sequence = 2 where organization_id = 1 and sequence = 3",
    "update public.audit_events set sequence = 3 where organization_id = 1 and sequence = 100",
  ], { sequence: 2, fault: "changed" }],
  ["a gap closed by renumbering", [
    "delete from public.audit_events where organization_id = 1 and sequence = 3",
    "update public.audit_events set sequence = 3 where organization_id = 1 and sequence = 4",
  ], { sequence: 3, fault: "changed" }],
  ["an event put in at the end", [
    `insert into public.audit_events (organization_id, sequence, occurred_at, action, details, actor_digest, previous_hash, hash)
     select 1, 6, now(), 'x', '{}', '', hash, '' from public.audit_events where organization_id = 1 and sequence = 5`,
    "update public.audit_events set actor_salt = gen_random_uuid() where organization_id = 1 and sequence = 6",
    "update public.audit_events e set actor_digest = private.actor_digest(e) where organization_id = 1 and sequence = 6",
    "update public.audit_events e set hash = private.audit_hash(e) where organization_id = 1 and sequence = 6",
  ], { sequence: 6, fault: "unlinked" }],
  ["a head turned back", [
    "update private.audit_heads h set sequence = 4, hash = e.hash from public.audit_events e where h.organization_id = 1 and e.organization_id = 1 and e.sequence = 4",
  ], { sequence: 5, fault: "unlinked" }],
  ["a head removed", ["delete from private.audit_heads where organization_id = 1"], {
    sequence: 1,
    fault: "unlinked",
  }],
];

for (const [name, statements, expected] of TAMPERINGS) {
  const outcome = expected ? `event ${expected.sequence} is ${expected.fault}` : "the chain is whole";
  Deno.test(`${name}: ${outcome}`, async () => {
    const [events, heads] = await keep();
    try {
      for (const statement of [...FIRST_FIVE, ...statements]) await query(statement);
      const ids = await query<{ id: number; sequence: number }>(
        "select id, sequence from public.audit_events where organization_id = 1",
      );
      for (const limit of [1000, 2, 1]) {
        const { broken, after } = await verify(limit);
        assert.deepEqual(
          broken && { sequence: broken.sequence, fault: broken.fault },
          expected,
          `by ${limit}`,
        );
        assert.equal(after, expected ? expected.sequence - 1 : 5);
        const found = ids.find((event) => event.sequence === expected?.sequence);
        assert.equal(broken?.event_id ?? null, found?.id ?? null);
      }
    } finally {
      await restore();
    }
    assert.deepEqual([await log(), await query("select * from private.audit_heads")], [events, heads]);
  });
}

async function keep() {
  await query("create table public.kept_events as select * from public.audit_events");
  await query("create table public.kept_heads as select * from private.audit_heads");
  return [await log(), await query("select * from private.audit_heads")];
}

async function restore() {
  await query("delete from public.audit_events");
  await query("insert into public.audit_events overriding system value select * from public.kept_events");
  await query("delete from private.audit_heads");
  await query("insert into private.audit_heads select * from public.kept_heads");
  await query("drop table public.kept_events, public.kept_heads");
}

Deno.test("each organization has a chain of its own, without gaps", async () => {
  const chains = await query<{ sequences: number[]; count: number }>(
    `select array_agg(sequence order by sequence)::integer[] as sequences, count(*)::integer as count
     from public.audit_events group by organization_id`,
  );
  assert.ok(chains.length > 1);
  for (const { sequences, count } of chains) {
    assert.deepEqual(sequences, Array.from({ length: count }, (_, index) => index + 1));
  }
});

Deno.test("a transaction that fails leaves neither its change nor an event nor a gap", async () => {
  const before = await log();
  await assert.rejects(database.asPerson("owner", async (query) => {
    await query("select * from public.change_member_role(4, 'user')");
    await query("select 1 / 0");
  }));
  assert.deepEqual(await log(), before);
  assert.equal((await verify()).broken, null);
});

Deno.test("an organization that is deleted takes its log along, and a person theirs not", async () => {
  await query("delete from auth.users where email = 'viewer@example.com'");
  const [removed] = await query(
    "select action, target_id, actor_id from public.audit_events order by id desc limit 1",
  );
  assert.deepEqual(removed, { action: "team.member_removed", target_id: "4", actor_id: null });
  assert.equal((await verify()).broken, null);
  await query("delete from public.organizations where name = 'Elsewhere'");
  const left = await query("select distinct organization_id from public.audit_events");
  assert.deepEqual(left, [{ organization_id: 1 }]);
});
