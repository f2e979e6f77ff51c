import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** What `npm start` runs, with each one's place above the first port. */
export const PROCESSES = [
  { name: 'gateway', offset: 0 },
  { name: 'identity', offset: 1 },
  { name: 'content', offset: 2 },
  { name: 'assignments', offset: 3 },
  { name: 'grading', offset: 4 },
  { name: 'gradebook', offset: 5 },
  { name: 'lti', offset: 6 },
  { name: 'oncall', offset: 7 },
] as const;

export type ProcessName = (typeof PROCESSES)[number]['name'];

export const DEFAULT_PORT = 4000;
const POSTGRES_OFFSET = 8;
const EMULATOR_OFFSET = 9;

export interface Layout {
  /** Everything a start leaves behind; ignored by git. */
  folder: string;
  ports: Record<ProcessName, number>;
  postgresPort: number;
  emulatorPort: number;
}

export function layoutOf(folder: string, firstPort: number): Layout {
  const ports = Object.fromEntries(
    PROCESSES.map(({ name, offset }) => [name, firstPort + offset]),
  ) as Record<ProcessName, number>;
  return {
    folder,
    ports,
    postgresPort: firstPort + POSTGRES_OFFSET,
    emulatorPort: firstPort + EMULATOR_OFFSET,
  };
}

export function defaultFolder(): string {
  return join(ROOT, '.parlance');
}

export function mainOf(name: ProcessName): string {
  return join(ROOT, 'apps', name, 'dist', 'src', 'main.js');
}

export function addressOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
