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
  readonly functions: UploadedFunction[];
  readonly secrets: Map<string, string>;
  /** Slugs that the last bulk update made live. */
  readonly live: string[];
  /** Requests it had no answer for. */
  readonly unknown: string[];
}

/** Starts it on a free port. */
export function startManagementApi(): ManagementApi {
  const functions: UploadedFunction[] = [];
  const secrets = new Map<string, string>();
  const live: string[] = [];
  const unknown: string[] = [];

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const place = `${request.method} ${pathname.replace(`/v1/projects/${PROJECT_REF}`, "")}`;
    if (request.headers.get("authorization") !== `Bearer ${ACCESS_TOKEN}`) {
      return Response.json({ message: "Unauthorized" }, { status: 401 });
    }
    switch (place) {
      case "POST /functions/deploy": {
        const uploaded = await readUpload(searchParams.get("slug") ?? "", await request.formData());
        functions.push(uploaded);
        return Response.json(describe(uploaded), { status: 201 });
      }
      case "PUT /functions":
        live.splice(0, live.length, ...(await request.json()).map(({ slug }: { slug: string }) => slug));
        return Response.json({ functions: functions.map(describe) });
      case "GET /functions":
        return Response.json([]);
      case "POST /secrets":
        for (const { name, value } of await request.json()) secrets.set(name, value);
        return Response.json([], { status: 201 });
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
    unknown,
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
