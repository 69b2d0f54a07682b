/** Answers that depend on a name alone, kept: the same few thousand names come with every resource. */

/** Longer names are asked about again: senders choose them. */
const MAX_NAME = 320;

/**
 * @param max most answers that are kept at a time
 * @returns the function, asked once a name as long as there is room
 */
export function remembering<Answer extends string | boolean | object>(
  max: number,
  ask: (name: string) => Answer,
): (name: string) => Answer {
  const known = new Map<string, Answer>();
  return (name) => {
    if (name.length > MAX_NAME) return ask(name);
    let answer = known.get(name);
    if (answer === undefined) {
      answer = ask(name);
      if (known.size >= max) known.clear();
      known.set(name, answer);
    }
    return answer;
  };
}
