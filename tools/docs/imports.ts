import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import rooms from '../imports/rooms.json';

export type Room = keyof typeof rooms;

export const roomNames = Object.keys(rooms) as Room[];

/** Which room imports which other one, and where the rules allow it. */
export interface RoomImport {
  from: Room;
  to: Room;
  /** Whether a file does; else it is only allowed. */
  isUsed: boolean;
}

const cruiseSchema = z.object({
  modules: z.array(z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string() })) })),
});

/** The imports between rooms, allowed and real ones, in the order of tools/imports/rooms.json. */
export async function roomImports(root: string): Promise<RoomImport[]> {
  const used = await usedImports(root);
  return roomNames.flatMap((from) =>
    roomNames
      .filter((to) => to !== from)
      .map((to) => ({ from, to, isUsed: used.has(`${from} ${to}`) }))
      .filter(({ to, isUsed }) => isUsed || (rooms[from].imports as Room[]).includes(to)),
  );
}

/** Pairs of rooms, as `from to`, between which dependency-cruiser finds an import. */
async function usedImports(root: string): Promise<Set<string>> {
  const options = ['--config', join(root, 'tools/imports/rules.js'), '--collapse', '^[^/]+', '--output-type', 'json'];
  const binary = join(root, 'node_modules/.bin/depcruise');
  const { stdout } = await promisify(execFile)(binary, [...options, ...roomNames], { cwd: root, maxBuffer: 2 ** 26 });
  const { modules } = cruiseSchema.parse(JSON.parse(stdout));
  return new Set(
    modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => `${source} ${resolved}`)),
  );
}
