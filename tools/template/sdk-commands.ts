import { basename } from 'node:path';
import { build } from 'esbuild';

/** Where bundles would be written: nothing is. */
const outdir = 'bundles';

/** One command of the AWS SDK: `{ client: '@aws-sdk/client-ec2', command: 'StopInstances' }`. */
export interface SdkCommand {
  client: string;
  command: string;
}

/** What a handler can send, and where it queries: IAM asks for secondary indexes by their own ARN. */
export interface SdkUse {
  commands: SdkCommand[];
  indexes: string[];
  queriesTable: boolean;
  /** Whether it can take on a role in another account, which only a step with a capability and a place to go to does. */
  takesOnRoles: boolean;
}

/** Sent by the wrapper of the clients, and by no step itself. */
const ofWrapper = (client: string) => client === '@aws-sdk/client-sts';

/** Something is imported from the SDK of which it cannot be said what it sends. */
export class UnknownCallError extends Error {
  override name = 'UnknownCallError';
}

/** Names that the SDK exports and that send nothing by themselves. */
const silent = /(Client|Exception|Error)$|^(unmarshall|marshall)$|^DynamoDBDocumentClient$/;
const namedImport = /^import \{([^}]*)\} from "(@aws-sdk\/[^"]+)";$/gm;
const otherImport = /^import (?!\{)[^;]*from "(@aws-sdk\/(?:client|lib)-[^"]+)";$/m;

/**
 * Finds which SDK commands each handler can send: the product's own code is bundled and tree-shaken with every package
 * left outside, so that a command counts only where code that uses it is really deployed.
 * @param entries source files of handlers, e.g. `functions/instance/stop-instance.ts`
 * @throws UnknownCallError when the SDK is imported in a way that hides what is sent
 */
export async function findSdkCommands(entries: string[]): Promise<Map<string, SdkUse>> {
  const { outputFiles } = await build({
    // In one go: most of the code is in many of them, and is parsed once.
    entryPoints: Object.fromEntries(entries.map((entry, index) => [index, entry])),
    outdir,
    write: false,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node24',
    format: 'esm',
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  return new Map(entries.map((entry, index) => [entry, useIn(texts.get(`${index}.js`)!, entry)]));
}

function useIn(bundle: string, entry: string): SdkUse {
  const all = commandsIn(bundle, entry);
  const commands = all.filter(({ client }) => !ofWrapper(client));
  return { commands, ...queriesIn(bundle), takesOnRoles: commands.length < all.length };
}

/** Which secondary indexes the queries and scans of a bundle name, and whether any of them names none. */
export function queriesIn(bundle: string): Pick<SdkUse, 'indexes' | 'queriesTable'> {
  const queries = [...bundle.matchAll(/\bnew (?:Query|Scan)Command\d*\(|\bpaginate(?:Query|Scan)\d*\(/g)].map(
    ({ index }) => argumentsAt(bundle, bundle.indexOf('(', index)),
  );
  const named = queries.map((text) => /\bIndexName: ?"([\w.-]+)"/.exec(text)?.[1]);
  return { indexes: named.filter((name) => name !== undefined), queriesTable: named.includes(undefined) };
}

/** The text from an opening parenthesis to the one that closes it. */
function argumentsAt(text: string, open: number): string {
  let depth = 0;
  for (let i = open; i < text.length; i += 1) {
    if (text[i] === '(') depth += 1;
    else if (text[i] === ')') depth -= 1;
    if (depth === 0) return text.slice(open, i + 1);
  }
  return text.slice(open);
}

/** Reads the commands from a tree-shaken ESM bundle. */
export function commandsIn(bundle: string, origin: string): SdkCommand[] {
  const whole = otherImport.exec(bundle);
  if (whole) throw new UnknownCallError(`${origin} imports all of ${whole[1]}: import the commands by name`);
  const body = bundle.replace(namedImport, '');
  const commands = new Map<string, SdkCommand>();
  for (const [, names, client] of bundle.matchAll(namedImport)) {
    for (const name of names!.split(',')) {
      const [imported, local] = name.trim().split(' as ');
      if (!new RegExp(`\\b${local ?? imported}\\b`).test(body) || silent.test(imported!)) continue;
      const command = commandOf(imported!);
      if (!command) throw new UnknownCallError(`${origin}: what ${imported} of ${client} sends is not known`);
      commands.set(`${client} ${command}`, { client: client!, command });
    }
  }
  return [...commands.values()];
}

function commandOf(imported: string): string | undefined {
  return /^(\w+)Command$/.exec(imported)?.[1] ?? /^paginate(\w+)$/.exec(imported)?.[1];
}
