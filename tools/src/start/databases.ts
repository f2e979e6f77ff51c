import pg from 'pg';

/** Services that own a database. */
export const DATABASES = [
  'identity',
  'content',
  'assignments',
  'grading',
  'gradebook',
  'lti',
  'oncall',
] as const;

export interface DatabaseUrls {
  /** As the application role: row-level security binds it. */
  app: string;
  /** As the owner of the tables: for migrations. */
  owner: string;
}

/** Makes what is missing: per service one database, its owner role and its application role. */
export async function prepareDatabases(
  adminUrl: string,
  password: string,
): Promise<Record<string, DatabaseUrls>> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const entries: [string, DatabaseUrls][] = [];
    for (const service of DATABASES) {
      entries.push([service, await prepareDatabase(admin, adminUrl, service, password)]);
    }
    return Object.fromEntries(entries);
  } finally {
    await admin.end();
  }
}

async function prepareDatabase(
  admin: pg.Client,
  adminUrl: string,
  service: string,
  password: string,
): Promise<DatabaseUrls> {
  const database = `parlance_${service}`;
  const roles = { app: `${database}_app`, owner: `${database}_owner` };
  for (const role of Object.values(roles)) {
    const found = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    const verb = found.rowCount === 0 ? 'CREATE' : 'ALTER';
    // The password comes from our own secrets file: hexadecimal, so it cannot break the literal.
    await admin.query(
      `${verb} ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD '${password}'`,
    );
  }
  const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (found.rowCount === 0) {
    // An administrator that is no superuser may only give databases to roles it belongs to.
    await admin.query(`GRANT ${roles.owner} TO CURRENT_USER`);
    await admin.query(`CREATE DATABASE ${database} OWNER ${roles.owner}`);
    await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${roles.app}`);
  }
  const urlFor = (role: string) => {
    const url = new URL(adminUrl);
    url.username = role;
    url.password = password;
    url.pathname = `/${database}`;
    return url.toString();
  };
  return { app: urlFor(roles.app), owner: urlFor(roles.owner) };
}
