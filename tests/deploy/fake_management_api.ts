/** The part of Supabase's Management API that a deploy talks to, on the loopback: it keeps what it is sent. */

export const PROJECT_REF = "abcdefghijklmnopqrst";
/** Has the form of an access token; the CLI looks at nothing more. */
export const ACCESS_TOKEN = `sbp_${"0".repeat(40)}`;

/** One function as it was uploaded. */
export interface UploadedFunction {
  readonly slug: string;
  readonly metadata: {
    readonly entrypoint_path: string;
    readonly import_map_path: string;
    readonly verify_jwt: boolean;
    readonly static_patterns: string[];
  };
  /** Content by the path it was sent under. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** The server and all it has been sent. */
export interface ManagementApi extends AsyncDisposable {
  readonly url: string;
  /** By slug, as the last upload of each left them. */
  readonly functions: Map<string, UploadedFunction>;
  readonly secrets: Map<string, string>;
  /** Slugs that are served. */
  readonly live: Set<string>;
  /** Requests that changed something, such as `POST /secrets`. */
  readonly changes: string[];
  /** Requests it had no answer for. */
  readonly unknown: string[];
  /** Changes that are answered once with 500 and not made, such as `POST /functions/deploy?slug=api`. */
  readonly broken: Set<string>;
}

/** Starts it on a free port. */
export function startManagementApi(): ManagementApi {
  const functions = new Map<string, UploadedFunction>();
  const secrets = new Map<string, string>();
  const live = new Set<string>();
  const changes: string[] = [];
  const unknown: string[] = [];
  const broken = new Set<string>();

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const place = `${request.method} ${pathname.replace(/^\/v\d\/projects\/[a-z]{20}/, "")}`;
    const slug = searchParams.get("slug") ?? pathname.split("/").at(-1) ?? "";
    if (request.headers.get("authorization") !== `Bearer ${ACCESS_TOKEN}`) {
      return Response.json({ message: "Unauthorized" }, { status: 401 });
    }
    if (request.method !== "GET") {
      const change = searchParams.has("slug") ? `${place}?slug=${slug}` : place;
      if (broken.delete(change)) return Response.json({ message: "Out of order" }, { status: 500 });
      changes.push(change);
    }
    switch (place.replace(/ \/functions\/(?!deploy).+/, " /functions/:slug")) {
      case "GET /config":
        // A project of which nothing is known: a diff then shows every value that a push would bring.
        return Response.json({ data: { attributes: {} } });
      case "POST /functions/deploy": {
        const uploaded = await readUpload(slug, await request.formData());
        functions.set(slug, uploaded);
        return Response.json(describe(uploaded), { status: 201 });
      }
      case "PUT /functions":
        for (const { slug } of await request.json()) live.add(slug);
        return Response.json({ functions: [...functions.values()].map(describe) });
      case "DELETE /functions/:slug":
        live.delete(slug);
        return Response.json({});
      case "GET /functions":
        return Response.json([...live].map((slug) => describe(functions.get(slug) ?? unknownFunction(slug))));
      case "GET /secrets":
        return Response.json([...secrets].map(([name]) => ({ name, value: "digest", updated_at: "" })));
      case "POST /secrets":
        for (const { name, value } of await request.json()) secrets.set(name, value);
        return Response.json([], { status: 201 });
      case "DELETE /secrets":
        for (const name of await request.json()) secrets.delete(name);
        return Response.json({});
      default:
        unknown.push(place);
        return Response.json({ message: "Not found" }, { status: 404 });
    }
  });

  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    functions,
    secrets,
    live,
    changes,
    unknown,
    broken,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function readUpload(slug: string, form: FormData): Promise<UploadedFunction> {
  const files: UploadedFunction["files"] = new Map();
  for (const file of form.getAll("file")) {
    if (file instanceof File) files.set(file.name, new Uint8Array(await file.arrayBuffer()));
  }
  return { slug, metadata: JSON.parse(String(form.get("metadata"))), files };
}

/** One that an earlier deploy left behind. */
function unknownFunction(slug: string): UploadedFunction {
  const metadata = { entrypoint_path: "", import_map_path: "", verify_jwt: false, static_patterns: [] };
  return { slug, metadata, files: new Map() };
}

function describe({ slug, metadata }: UploadedFunction) {
  const { verify_jwt, entrypoint_path, import_map_path } = metadata;
  return {
    id: slug,
    slug,
    name: slug,
    status: "ACTIVE",
    version: 1,
    created_at: 0,
    updated_at: 0,
    verify_jwt,
    entrypoint_path,
    import_map_path,
  };
}
