/** The product's mark. */

/** Mark and name; decorative where the name stands beside it anyway. */
export function Brand() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <svg aria-hidden viewBox="0 0 32 32" className="size-6 text-accent">
        <rect width="32" height="32" rx="8" fill="currentColor" />
        <g className="text-surface" stroke="currentColor" strokeWidth="3" strokeLinecap="round">
          <path d="M9 9.5h9M9 16h14M14 22.5h9" />
          <path d="M22.5 9.5h.01M9.5 22.5h.01" />
        </g>
      </svg>
      InfraAudit
    </span>
  );
}
