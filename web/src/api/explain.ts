/** Every failure a view can meet, in words for the person in front of it. */
import { ApiFailure, NetworkFailure } from "../../../shared/client/client_failures.ts";

import { sentence } from "./faults.ts";

/** A failure in words. */
export interface Explanation {
  title: string;
  text: string;
  /** Trying again won't help: the person lacks a permission. */
  isForbidden?: true;
  /** The id to quote to the server's operator. */
  requestId?: string;
}

const DEEDS: Record<string, string> = {
  "resources:read": "see resources",
  "resources:write": "change resources",
  "drifts:read": "see drifts",
  "drifts:write": "change drifts",
  "api_keys:read": "see API keys",
  "api_keys:write": "create or change API keys",
  "team:read": "see the team",
  "team:write": "change the team",
  "audit:read": "read the audit log",
};

/** What a permission allows, as the end of a sentence. */
export function sayPermission(permission: string): string {
  return DEEDS[permission] ?? permission;
}

/**
 * Says what went wrong and what can be done, in the place of what could not be loaded.
 * @param error whatever was thrown
 */
export function explain(error: unknown): Explanation {
  if (error instanceof ApiFailure) return explainRefusal(error);
  if (isUnreachable(error)) {
    if (!navigator.onLine) {
      return { title: "You're offline", text: "This loads when the connection is back." };
    }
    return { title: "The server can't be reached", text: `${hostOf(error)} doesn't answer. We keep trying.` };
  }
  return { title: "Something went wrong", text: error instanceof Error ? error.message : "Try again." };
}

/** Says in one text why something that was tried did not happen. */
export function explainDeed(error: unknown): string {
  if (!isUnreachable(error)) return explain(error).text;
  if (!navigator.onLine) return "You're offline, so nothing was sent. What you typed is still here.";
  return `${hostOf(error)} doesn't answer. What you typed is still here: try again in a moment.`;
}

/** Whether no answer came at all: the next try may well get one. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof NetworkFailure || error instanceof TypeError) return true;
  // Supabase's auth client has a class of its own for it, which is not loaded just to ask.
  return error instanceof Error && error.name === "AuthRetryableFetchError";
}

function hostOf(error: unknown): string {
  return error instanceof NetworkFailure ? new URL(error.origin).host : "The server";
}

function explainRefusal(failure: ApiFailure): Explanation {
  const { requestId } = failure;
  const say = (title: string, text: string) => ({ title, text, requestId });
  if (failure.code === "FORBIDDEN") {
    return { ...say("You don't have access", explainForbidden(failure)), isForbidden: true };
  }
  if (failure.code === "RATE_LIMITED") {
    return say("Too many requests", `Try again ${sayWait(failure.retryAfter)}.`);
  }
  if (failure.status === 404) return say("Not found", "It may have been removed, or the address is wrong.");
  if (failure.status >= 500) return say("Something went wrong on our side", failure.message);
  return say("That didn't work", failure.message);
}

function explainForbidden(failure: ApiFailure): string {
  const details = failure.details;
  const required = typeof details === "object" ? details.required : undefined;
  if (typeof required !== "string") return failure.message;
  return `Your role doesn't allow you to ${sayPermission(required)} here (${required}). ` +
    "An owner of the organization can change that.";
}

function sayWait(seconds: number | undefined): string {
  if (seconds === undefined) return "in a moment";
  return seconds < 90 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`;
}

/**
 * The faults of single fields, from `details.issues` of a `VALIDATION_FAILED`.
 * @returns message by dotted path; empty for any other failure
 */
export function fieldFaults(error: unknown): Record<string, string> {
  if (!(error instanceof ApiFailure) || typeof error.details !== "object") return {};
  const issues = error.details.issues;
  if (!Array.isArray(issues)) return {};
  return Object.fromEntries(
    issues.map((issue) => [[issue.path].flat().join("."), sentence(String(issue.message))]),
  );
}
