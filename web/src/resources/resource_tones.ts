/** How a resource's status looks. */
import type { Resource } from "../../../shared/contracts/resources.ts";
import type { Tone } from "../ui/badge.tsx";

export const RESOURCE_TONES: Record<Resource["status"], Tone> = {
  active: "good",
  stopped: "medium",
  deleted: "neutral",
};
