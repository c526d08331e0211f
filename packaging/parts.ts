import { z } from 'zod';
import { FrameError, fillBlanks } from './fill-blanks';

const resourceSchema = z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() });
const partsSchema = z.record(z.string(), z.record(z.string(), resourceSchema));
type Resource = z.output<typeof resourceSchema>;
type Parts = z.output<typeof partsSchema>;

/**
 * Resources of a template, with each of the type `Part::<name>` replaced by the resources of that part: its properties
 * fill the part's blanks, and `<id>` stands for its logical ID. Pure.
 * @param shared the contents of resources/parts.yml
 * @throws FrameError naming the resource
 */
export function withParts(resources: Record<string, Resource>, shared: unknown): Record<string, Resource> {
  return put(resources, partsSchema.parse(shared));
}

function put(resources: Record<string, Resource>, parts: Parts): Record<string, Resource> {
  const all = new Map<string, Resource>();
  for (const [id, resource] of Object.entries(resources)) {
    for (const [one, body] of Object.entries(resourcesOf(id, resource, parts))) {
      if (all.has(one)) throw new FrameError(`${id}: the resource ${one} is defined twice`);
      all.set(one, body);
    }
  }
  return Object.fromEntries(all);
}

function resourcesOf(id: string, resource: Resource, parts: Parts): Record<string, Resource> {
  const name = /^Part::(\w+)$/.exec(resource.Type)?.[1];
  if (name === undefined) return { [id]: resource };
  const { [name]: part, ...others } = Object.assign(Object.create(null) as Parts, parts);
  if (!part) throw new FrameError(`${id}: there is no part "${name}"`);
  const filled = fillBlanks(part, { part: name, given: { id, ...resource.Properties }, own: 'id', at: id });
  // Without itself, so that no part can hold itself for ever.
  return put(filled as Record<string, Resource>, others);
}
