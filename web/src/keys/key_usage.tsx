/** When and from where a key was used: its days as bars, its last addresses as a list. */
import { useQuery } from "@tanstack/react-query";
import { type ApiKeyUsage, getApiKeyUsage } from "../../../shared/contracts/api_keys.ts";
import { useServices } from "../app/services.ts";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { Moment } from "../ui/moment.tsx";
import { sayCount } from "../ui/numbers.ts";
import { Card } from "../ui/page.tsx";

const SHOWN_DAYS = 30;
const DAY_MS = 86_400_000;

/** The use in a card. */
export function KeyUsage({ id }: { id: string }) {
  const { api } = useServices();
  const usage = useQuery({
    queryKey: ["api-key", id, "usage"],
    queryFn: ({ signal }) => api.call(getApiKeyUsage, { params: { id } }, { signal }),
  });
  const fault = faultOf(usage);
  return (
    <Card title={`Use in the last ${SHOWN_DAYS} days`}>
      {fault
        ? <ErrorState error={fault} onRetry={() => usage.refetch()} />
        : !usage.data
        ? <div className="h-40" aria-busy />
        : (
          <div className="grid min-h-40 gap-x-6 gap-y-4 p-4 md:grid-cols-2">
            <Days days={usage.data.days} />
            <Addresses addresses={usage.data.addresses} />
          </div>
        )}
    </Card>
  );
}

function Days({ days }: { days: ApiKeyUsage["days"] }) {
  const byDate = new Map(days.map(({ date, minutes }) => [date, minutes]));
  const shown = Array.from({ length: SHOWN_DAYS }, (_, at) => {
    const date = new Date(Date.now() - (SHOWN_DAYS - 1 - at) * DAY_MS).toISOString().slice(0, 10);
    return { date, minutes: byDate.get(date) ?? 0 };
  });
  const highest = Math.max(1, ...shown.map(({ minutes }) => minutes));
  const used = shown.filter(({ minutes }) => minutes > 0);
  const total = used.reduce((sum, { minutes }) => sum + minutes, 0);
  return (
    <figure className="grid content-end gap-1.5">
      <svg
        role="img"
        aria-label={`In use in ${sayCount(total, "minute")} on ${sayCount(used.length, "day")}`}
        viewBox={`0 0 ${SHOWN_DAYS * 10} 80`}
        preserveAspectRatio="none"
        className="h-20 w-full"
      >
        {shown.map(({ date, minutes }, at) => {
          const height = minutes === 0 ? 2 : Math.max(4, minutes / highest * 80);
          return (
            <rect
              key={date}
              x={at * 10 + 1.5}
              width={7}
              y={80 - height}
              height={height}
              className={minutes === 0 ? "fill-line" : "fill-accent"}
            >
              <title>{`${date}: ${sayCount(minutes, "minute")}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption className="text-xs text-muted">
        Minutes in which it was used: {sayCount(total, "minute")} on {sayCount(used.length, "day")}
      </figcaption>
    </figure>
  );
}

function Addresses({ addresses }: { addresses: ApiKeyUsage["addresses"] }) {
  return (
    <section className="min-w-0 text-[13px]">
      <h3 className="text-xs text-muted">Last addresses</h3>
      {addresses.length === 0
        ? <p className="mt-1.5 text-muted">It was never used.</p>
        : (
          <ul aria-label="Last addresses" className="mt-1.5 grid gap-1">
            {addresses.map(({ address, last_used_at }) => (
              <li key={address} className="flex justify-between gap-3">
                <span className="min-w-0 font-mono text-xs leading-5 break-all">{address}</span>
                <span className="text-muted">
                  <Moment time={last_used_at} />
                </span>
              </li>
            ))}
          </ul>
        )}
    </section>
  );
}
