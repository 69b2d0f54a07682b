/** What a person can put right: printed as one sentence, without a stack trace. */
export class StackError extends Error {
  override name = "StackError";
}
