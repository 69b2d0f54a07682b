/** Sends a request and says how much of its body is under way, which `fetch` can't tell. */

/** Told each time more of the body was sent; both in bytes. */
export type OnSent = (sent: number, total: number) => void;

/**
 * A `fetch` by XMLHttpRequest, for requests with a text as body and an answer that is JSON.
 * @param onSent also called when everything was sent
 * @returns rejects with `TypeError` where `fetch` does, and with the signal's reason
 */
export function fetchWithProgress(onSent: OnSent): typeof fetch {
  return (url, init = {}) =>
    new Promise((resolve, reject) => {
      if (init.signal?.aborted) return reject(init.signal.reason);
      const request = new XMLHttpRequest();
      request.open(init.method ?? "GET", String(url));
      new Headers(init.headers).forEach((value, name) => request.setRequestHeader(name, value));
      request.upload.onprogress = ({ loaded, total }) => onSent(loaded, total);
      request.onload = () => {
        // It follows redirects by itself, though only to where the Content-Security-Policy lets it.
        if (new URL(request.responseURL).href === new URL(String(url)).href) resolve(toResponse(request));
        else reject(new TypeError("redirected"));
      };
      request.onerror = () => reject(new TypeError("no answer"));
      request.onabort = () => reject(init.signal?.reason);
      init.signal?.addEventListener("abort", () => request.abort());
      request.send(init.body as string | undefined);
    });
}

function toResponse(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split("\r\n")) {
    const at = line.indexOf(": ");
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 2));
  }
  const { status, responseText } = request;
  return new Response(responseText || null, { status, headers });
}
