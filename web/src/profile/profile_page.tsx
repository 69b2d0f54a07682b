/** Profile: one's name, organizations, theme, and the way out. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type Me, updateMe } from "../../../shared/contracts/session.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { type Theme, THEMES, useTheme } from "../app/theme.ts";
import { useMe } from "../session/use_session.ts";
import { Badge, Code } from "../ui/badge.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { ErrorState, faultOf, Skeleton } from "../ui/feedback.tsx";
import { Choice, TextField } from "../ui/field.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { Card, Page } from "../ui/page.tsx";
import { OrganizationForm } from "../organization/organization_form.tsx";
import { OrganizationSwitch } from "../organization/organization_switch.tsx";

/** The profile view. */
export function ProfilePage() {
  const me = useMe();
  const { session } = useServices();
  const [theme, setTheme] = useTheme();
  const fault = faultOf(me);
  return (
    <Page title="Profile" description={me.data?.email ?? <Skeleton className="my-0.5 w-40" />}>
      {fault ? <ErrorState error={fault} onRetry={() => me.refetch()} /> : (
        <Card title="You">
          <div className="grid min-h-[8.625rem] p-4 max-sm:min-h-[9.375rem]">
            {me.data ? <NameForm me={me.data} /> : <Loading />}
          </div>
        </Card>
      )}
      <Card title="Security">
        <Row name="Second factor, sessions, password">
          <Link to="/security" className={buttonClass()}>Open</Link>
        </Row>
      </Card>
      <Card title="Appearance">
        <Row name="Theme">
          <Choice
            aria-label="Theme"
            className="w-36"
            value={theme}
            onChange={(value) => setTheme(value as Theme)}
            options={THEMES.map((value) => ({ value, label: value[0]!.toUpperCase() + value.slice(1) }))}
          />
        </Row>
      </Card>
      <div className="flex flex-wrap gap-2 md:hidden">
        <Link to="/reference" className={buttonClass()}>API reference</Link>
        <Button icon={<LogOut aria-hidden />} onClick={() => session.signOut()}>Sign out</Button>
      </div>
      {/* Last: how tall it is depends on what one may do here, and nothing below may jump once that is known. */}
      {!fault && (
        <Card title="Organization">
          <div className="grid gap-4 p-4">
            {me.data ? <Membership me={me.data} /> : <Loading />}
          </div>
        </Card>
      )}
    </Page>
  );
}

function Loading() {
  return (
    <div aria-busy="true" className="grid content-start gap-3">
      <Skeleton className="w-24" />
      <Skeleton className="h-8 max-w-md" />
    </div>
  );
}

function NameForm({ me }: { me: Me }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [name, setName] = useState(me.full_name ?? "");
  const save = useMutation({
    mutationFn: () => api.call(updateMe, { body: { full_name: name } }),
    onSuccess: (answer) => queries.setQueryData(["me"], answer),
  });
  return (
    <form
      className="grid max-w-md gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextField
        label="Full name"
        autoComplete="name"
        required
        maxLength={100}
        value={name}
        onChange={setName}
      />
      <Fault error={save.error} />
      <div className="flex items-center gap-3">
        <Button type="submit" busy={save.isPending} disabled={!name.trim() || name === (me.full_name ?? "")}>
          Save
        </Button>
        <span role="status" className="text-[13px] text-muted">{save.isSuccess && "Saved"}</span>
      </div>
    </form>
  );
}

function Membership({ me }: { me: Me }) {
  return (
    <>
      <OrganizationSwitch me={me} />
      <div className="grid gap-1.5">
        <p className="flex items-center gap-2 text-[13px]">
          Role: <Badge dot={false}>{capital(me.role)}</Badge>
        </p>
        <p className="flex flex-wrap gap-1">
          {me.permissions.map((permission) => <Code key={permission}>{permission}</Code>)}
        </p>
      </div>
      {me.permissions.includes("team:write") && <OrganizationForm />}
    </>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-14 items-center justify-between gap-4 px-4 text-[13px]">
      <span>{name}</span>
      {children}
    </div>
  );
}
